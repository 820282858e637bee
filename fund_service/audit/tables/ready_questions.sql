-- Ready questions to the tables of a fund: each is a view, its comment says what it tells, its first column is an id.
-- Sums are integer euro cents, instants UTC. What is worth a look is found by the rules of the fund, not here.

CREATE VIEW money_against_cap AS
SELECT granted.id::UUID AS id, granted.call_id, partnership.name AS partnership, granted.state,
       call_line.cap_cents, granted.cents AS awarded_cents, granted.ordered_cents, granted.delivered_cents, granted.disbursed_cents,
       granted.unspent_cents AS returned_cents
FROM dashboard_grants AS granted
LEFT JOIN call_lines AS call_line ON call_line.call_id = granted.call_id AND call_line.id = granted.line
LEFT JOIN dashboard_applications AS application ON application.id = granted.pilot_action_id
LEFT JOIN dashboard_partnerships AS partnership ON partnership.id = application.partnership_id
ORDER BY partnership.name, granted.id;
COMMENT ON VIEW money_against_cap IS 'Of each grant: the money at each step, beside the cap of its support line.';

CREATE VIEW money_by_line AS
SELECT call_line.id, call_line.call_id, call_line.envelope_cents, count(granted.id) AS grants,
       coalesce(sum(granted.cents) FILTER (granted.state IN ('accepted', 'closed')), 0)::BIGINT AS committed_cents,
       coalesce(sum(granted.ordered_cents), 0)::BIGINT AS ordered_cents,
       coalesce(sum(granted.delivered_cents), 0)::BIGINT AS delivered_cents,
       coalesce(sum(granted.disbursed_cents), 0)::BIGINT AS disbursed_cents,
       coalesce(sum(granted.unspent_cents), 0)::BIGINT AS returned_cents
FROM call_lines AS call_line
LEFT JOIN dashboard_grants AS granted ON granted.call_id = call_line.call_id AND granted.line = call_line.id
GROUP BY ALL ORDER BY call_line.call_id, call_line.id;
COMMENT ON VIEW money_by_line IS 'Of each support line: its envelope, and the money of its grants at each step.';

CREATE VIEW figures_that_differ AS
SELECT id, call_id, figure, "where", is_sum, log, ledger, screens, difference
FROM control_totals WHERE difference <> 0 ORDER BY call_id, id;
COMMENT ON VIEW figures_that_differ IS 'Control totals in which log, ledger and screens differ: none where all is well.';

CREATE VIEW hours_waited AS
SELECT measure AS id, call_id, count(*) AS applicants, min(hours)::BIGINT AS least_hours,
       quantile_disc(hours, 0.5)::BIGINT AS median_hours, max(hours)::BIGINT AS most_hours,
       arg_max(partnership, hours) AS longest
FROM (UNPIVOT equal_treatment ON COLUMNS('^hours_') INTO NAME measure VALUE hours)
WHERE hours > 0
GROUP BY ALL ORDER BY call_id, measure;
COMMENT ON VIEW hours_waited IS 'Of each stage: how many applicants waited, how many whole hours, and who the longest.';

CREATE VIEW scores_of_evaluators AS
WITH last AS (
  SELECT call_id, pilot_action_id, evaluator, criterion, arg_max(points, position) AS points FROM scores GROUP BY ALL
), beside AS (
  SELECT *, avg(points) OVER (PARTITION BY pilot_action_id, criterion) AS mean FROM last
)
SELECT evaluator::UUID AS id, any_value(person.label) AS evaluator, call_id,
       count(DISTINCT pilot_action_id) AS applications, min(points)::BIGINT AS least, max(points)::BIGINT AS most,
       avg(points)::DECIMAL(5, 2) AS mean, coalesce(stddev_pop(points), 0)::DECIMAL(5, 2) AS deviation,
       avg(points - mean)::DECIMAL(5, 2) AS above_the_committee
FROM beside LEFT JOIN timeline_people AS person ON person.subject = beside.evaluator
GROUP BY beside.evaluator, call_id ORDER BY call_id, beside.evaluator;
COMMENT ON VIEW scores_of_evaluators IS
  'Of each evaluator: the spread of the points that counted, and how far above the mean of each committee on average.';

CREATE VIEW scores_apart AS
WITH last AS (
  SELECT call_id, pilot_action_id, evaluator, criterion, arg_max(points, position) AS points FROM scores GROUP BY ALL
)
SELECT pilot_action_id::UUID AS id, call_id, criterion, count(*) AS evaluators, min(points)::BIGINT AS least,
       max(points)::BIGINT AS most, (max(points) - min(points))::BIGINT AS apart
FROM last GROUP BY ALL ORDER BY apart DESC, id, criterion;
COMMENT ON VIEW scores_apart IS 'Of each application and criterion: how far its evaluators are apart, the furthest first.';

CREATE VIEW orders_under_limit AS
SELECT id, call_id, partnership, why, positions, "at" FROM exceptions WHERE question = 'split-orders' ORDER BY "at", id;
COMMENT ON VIEW orders_under_limit IS 'Orders just under a limit, or split: worth a look, and no accusation.';

CREATE VIEW orders_and_offers AS
SELECT id, call_id, partnership, why, positions, "at" FROM exceptions WHERE question = 'offers' ORDER BY "at", id;
COMMENT ON VIEW orders_and_offers IS
  'Orders for which no two offers were compared, or not the lowest chosen: worth a look, and no accusation.';

CREATE VIEW late_acts AS
SELECT id, call_id, partnership, why, positions, "at" FROM exceptions WHERE question = 'late' ORDER BY "at", id;
COMMENT ON VIEW late_acts IS 'Acts after they were due, and requests refused for it: worth a look, and no accusation.';

CREATE VIEW two_stages AS
SELECT id, call_id, people, why, positions, "at" FROM exceptions WHERE question = 'two-stages' ORDER BY "at", id;
COMMENT ON VIEW two_stages IS 'Who did two stages of the same matter: worth a look, and no accusation.';

CREATE VIEW refusals_by_rule AS
SELECT rule AS id, command, count(*) AS refusals, count(DISTINCT "by") AS people, min(effective_at) AS first_at,
       max(effective_at) AS last_at
FROM timeline_entries WHERE rule IS NOT NULL GROUP BY ALL ORDER BY refusals DESC, id, command;
COMMENT ON VIEW refusals_by_rule IS 'Which rule, or the stage, refused which request, how often, to how many people.';

CREATE VIEW awards_by_country_and_cluster AS
SELECT concat_ws(' / ', organisation.country, nullif(partnership.cluster, '')) AS id, partnership.call_id,
       organisation.country, partnership.cluster, count(DISTINCT partnership.id) AS partnerships,
       count(DISTINCT application.id) FILTER (application.submitted_at IS NOT NULL) AS submitted,
       count(DISTINCT granted.id) AS offered,
       count(DISTINCT granted.id) FILTER (granted.state IN ('accepted', 'closed')) AS accepted,
       coalesce(sum(granted.cents) FILTER (granted.state IN ('accepted', 'closed')), 0)::BIGINT AS committed_cents
FROM dashboard_partnerships AS partnership
LEFT JOIN dashboard_organisations AS organisation ON organisation.id = partnership.coordinator_id
LEFT JOIN dashboard_applications AS application ON application.partnership_id = partnership.id
LEFT JOIN dashboard_grants AS granted ON granted.pilot_action_id = application.id
WHERE partnership.call_id IS NOT NULL
GROUP BY ALL ORDER BY partnership.call_id, organisation.country, partnership.cluster;
COMMENT ON VIEW awards_by_country_and_cluster IS
  'Of each country of a coordinator and each cluster: who took part, who was offered and accepted support, and its sum.';

CREATE VIEW orders_by_supplier AS
SELECT supplier AS id, count(*) AS orders, count(DISTINCT grant_id) AS grants,
       sum(ordered_cents)::BIGINT AS ordered_cents, coalesce(sum(disbursed_cents), 0)::BIGINT AS disbursed_cents
FROM home_orders WHERE NOT cancelled GROUP BY ALL ORDER BY ordered_cents DESC, id;
COMMENT ON VIEW orders_by_supplier IS 'Of each supplier: its orders that were not cancelled, of how many grants, and their sum.';

CREATE VIEW deeds_of_people AS
SELECT event."by"::UUID AS id, any_value(person.label) AS person, event.kind, count(*) AS events,
       min(event.effective_at) AS first_at, max(event.effective_at) AS last_at
FROM events AS event LEFT JOIN timeline_people AS person ON person.subject = event."by"
WHERE event.kind <> 'receipt' GROUP BY event."by", event.kind ORDER BY person, event.kind;
COMMENT ON VIEW deeds_of_people IS 'What each account did, by the kind of thing, how often, and from when to when.';
