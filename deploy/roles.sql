-- Parts the roles of a fund in PostgreSQL: fund_owner owns the log and nobody signs in as it; fund_service, as which the
-- service signs in, may read the log and add to it, and can neither change nor drop it, nor what protects it.
--
-- Needed: a database of the fund's own, in which the fund was opened once (`fund init`); else nothing is done. Run as an
-- administrator, as often as you like, while the service stands still:
--
--     psql --set ON_ERROR_STOP=1 --file deploy/roles.sql postgresql://postgres@HOST/DATABASE
--     psql --command '\password fund_service' postgresql://postgres@HOST/DATABASE
--
-- Then start the service with FUND_STORE=postgresql://fund_service:PASSWORD@HOST/DATABASE; `fund doctor` says as whom it
-- goes, and what that may do. The service cannot run `fund audit protect`; an administrator does, as the owner:
--
--     fund audit protect --store 'postgresql://postgres@HOST/DATABASE?options=-c%20role%3Dfund_owner'
--
-- What is left: a superuser, and whoever writes the server's files, can still do anything. Such a change is found by the
-- checkpoints that were signed before and kept elsewhere, not by this.

BEGIN;

DO $$
BEGIN
    IF to_regclass('public.fund_events') IS NULL THEN
        RAISE EXCEPTION 'There is no log in this database. Open the fund once first: fund init.';
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fund_owner') THEN
        CREATE ROLE fund_owner NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'fund_service') THEN
        CREATE ROLE fund_service LOGIN;
    END IF;
    IF pg_has_role('fund_service', 'fund_owner', 'MEMBER') THEN
        RAISE EXCEPTION 'The role fund_service is a superuser or a member of fund_owner. Take that from it first.';
    END IF;
    EXECUTE format('ALTER DATABASE %I OWNER TO fund_owner', current_database());
END
$$;

-- Whoever owns a schema can drop what lies in it.
ALTER SCHEMA public OWNER TO fund_owner;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO fund_service;

-- What the service keeps and builds anew is its own; the log and what protects it are not.
DO $$
DECLARE
    one record;
BEGIN
    FOR one IN SELECT oid::regclass AS name FROM pg_class
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND oid <> 'public.fund_events'::regclass
    LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO fund_service', one.name);
    END LOOP;
    FOR one IN SELECT tgfoid::regprocedure AS name FROM pg_trigger
        WHERE tgrelid = 'public.fund_events'::regclass AND NOT tgisinternal
    LOOP
        EXECUTE format('ALTER FUNCTION %s OWNER TO fund_owner', one.name);
    END LOOP;
END
$$;
ALTER TYPE public.stored_event_uuid OWNER TO fund_owner;
ALTER TABLE public.fund_events OWNER TO fund_owner;

-- UPDATE is for the lock alone that orders what is added: the triggers refuse every change.
REVOKE ALL ON public.fund_events FROM PUBLIC, fund_service;
REVOKE ALL ON SEQUENCE public.fund_events_notification_id_seq FROM PUBLIC, fund_service;
GRANT SELECT, INSERT, UPDATE ON public.fund_events TO fund_service;
GRANT USAGE ON SEQUENCE public.fund_events_notification_id_seq TO fund_service;

-- The owner sees from a fact of which format the store is.
GRANT SELECT ON public.facts TO fund_owner;

COMMIT;
