CREATE TABLE facts ( name VARCHAR NOT NULL, value VARCHAR NOT NULL, PRIMARY KEY (name) );
INSERT INTO facts VALUES ('format', '2');
