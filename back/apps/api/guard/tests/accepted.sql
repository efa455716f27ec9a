-- plain
SELECT id, name FROM db_video

-- trailing-semicolon
SELECT COUNT(*) FROM db_event;

-- comments-go
SELECT id -- the event
FROM db_event /* all of them */ WHERE video_id = 1

-- upper-case-identifiers
SELECT ID, EVENT_TYPE FROM DB_EVENT WHERE VIDEO_ID = 1

-- quoted-identifiers
SELECT "e"."timestamp", "e"."event_type" FROM "db_event" AS "e"

-- schema-named
SELECT e.id FROM public.db_event AS e

-- table-name-as-qualifier
SELECT db_event.id FROM db_event WHERE db_event.video_id = 1

-- star
SELECT * FROM db_event WHERE video_id = 1 ORDER BY timestamp, id

-- star-of-one
SELECT e.*, v.name FROM db_event e JOIN db_video v ON v.id = e.video_id ORDER BY e.id

-- star-of-all
SELECT * FROM db_event e JOIN db_video v ON v.id = e.video_id ORDER BY e.id

-- star-of-subquery
SELECT * FROM (SELECT id, timestamp AS at FROM db_event) t ORDER BY at, id

-- star-in-exists
SELECT v.id FROM db_video v WHERE EXISTS (SELECT * FROM db_event e WHERE e.video_id = v.id AND e.severity = 2) ORDER BY 1

-- table-command
TABLE db_video

-- count-distinct-pair
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.track_id IS NOT NULL

-- count-distinct-one
SELECT COUNT(DISTINCT track_id) FROM db_event WHERE video_id = 1

-- count-filter
SELECT COUNT(*) FILTER (WHERE gender = 'male') AS men, COUNT(*) FILTER (WHERE gender = 'female') AS women FROM db_event

-- ratio
SELECT ROUND(100.0 * SUM(CASE WHEN severity >= 1 THEN 1 ELSE 0 END) / NULLIF(COUNT(*), 0), 1) AS percentage FROM db_event

-- like-percent
SELECT id FROM db_event WHERE location LIKE '%계산대%' OR location ILIKE '%checkout%' OR location ILIKE '%50\%%' ORDER BY id

-- like-escape
SELECT id FROM db_event WHERE description LIKE '%!%%' ESCAPE '!' ORDER BY id

-- like-any
SELECT id FROM db_event WHERE description ILIKE ANY (ARRAY['%가방%', '%bag%']) ORDER BY id

-- like-column
SELECT e.id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.description LIKE '%' || v.camera || '%' ORDER BY 1

-- not-like
SELECT id FROM db_event WHERE location NOT ILIKE '%입구%' ORDER BY id

-- without-spaces
SELECT id FROM db_event WHERE REPLACE(location, ' ', '') LIKE '%주류코너%' ORDER BY id

-- in-list
SELECT id FROM db_event WHERE event_type IN ('theft', 'robbery') AND gender NOT IN ('unknown') ORDER BY id

-- any-array
SELECT id FROM db_event WHERE event_type = ANY (ARRAY['theft', 'fight']) ORDER BY id

-- any-array-literal
SELECT id FROM db_event WHERE event_type = ANY ('{theft,fight}'::text[]) ORDER BY id

-- all-array
SELECT id FROM db_event WHERE event_type <> ALL (ARRAY['motion', 'person']) ORDER BY id

-- row-in-list
SELECT id FROM db_event WHERE (video_id, event_type) IN ((1, 'theft'), (2, 'fight')) ORDER BY id

-- row-in-subquery
SELECT id FROM db_event WHERE (video_id, track_id) IN (SELECT video_id, track_id FROM db_event WHERE event_type = 'theft') ORDER BY id

-- row-comparison
SELECT id FROM db_event WHERE (video_id, timestamp) >= (1, 600) ORDER BY id

-- between
SELECT id FROM db_event WHERE timestamp BETWEEN 10 * 60 AND 15 * 60 AND timestamp NOT BETWEEN SYMMETRIC 700 AND 650 ORDER BY id

-- is-distinct-from
SELECT id FROM db_event WHERE gender IS DISTINCT FROM 'male' AND age IS NOT DISTINCT FROM 30 ORDER BY id

-- null-tests
SELECT id FROM db_event WHERE age IS NULL AND end_timestamp IS NOT NULL ORDER BY id

-- boolean-tests
SELECT id FROM db_event WHERE (age > 30) IS TRUE OR (age < 10) IS NOT FALSE OR (age = 1) IS UNKNOWN ORDER BY id

-- true-false
SELECT id FROM db_event WHERE TRUE AND NOT FALSE ORDER BY id

-- wall-clock
SELECT e.id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE (e.occurred_at AT TIME ZONE v.timezone)::time >= '14:00' AND (e.occurred_at AT TIME ZONE 'Asia/Seoul')::date = DATE '2026-03-02' ORDER BY 1

-- wall-clock-with-default
SELECT e.id, e.occurred_at AT TIME ZONE COALESCE(v.timezone, 'Asia/Seoul') AS at FROM db_event e JOIN db_video v ON v.id = e.video_id ORDER BY 1

-- extract
SELECT EXTRACT(HOUR FROM occurred_at AT TIME ZONE 'Asia/Seoul') AS hour, COUNT(*) FROM db_event GROUP BY hour ORDER BY hour

-- extract-epoch
SELECT EXTRACT(EPOCH FROM (MAX(occurred_at) - MIN(occurred_at))) FROM db_event

-- date-part
SELECT DATE_PART('hour', occurred_at AT TIME ZONE 'UTC')::int AS h, COUNT(*) AS n FROM db_event GROUP BY 1 ORDER BY 1

-- date-trunc
SELECT DATE_TRUNC('day', occurred_at, 'Asia/Seoul') AS day, COUNT(*) FROM db_event GROUP BY 1 ORDER BY 1

-- date-trunc-local
SELECT DATE_TRUNC('hour', e.occurred_at AT TIME ZONE v.timezone) AS hour, COUNT(*) FROM db_event e JOIN db_video v ON e.video_id = v.id GROUP BY 1 ORDER BY 1

-- to-char
SELECT id, TO_CHAR(occurred_at AT TIME ZONE 'Asia/Seoul', 'YYYY-MM-DD HH24:MI:SS') AS at FROM db_event ORDER BY id

-- to-char-of-seconds
SELECT id, TO_CHAR((timestamp || ' seconds')::interval, 'HH24:MI:SS') AS at FROM db_event ORDER BY id

-- to-char-make-interval
SELECT id, TO_CHAR(MAKE_INTERVAL(secs => timestamp), 'MI:SS') AS at FROM db_event ORDER BY id

-- minutes-and-seconds
SELECT id, LPAD((timestamp::int / 60)::text, 2, '0') || ':' || LPAD((timestamp::int % 60)::text, 2, '0') AS at FROM db_event ORDER BY id

-- minutes-and-seconds-korean
SELECT id, FLOOR(timestamp / 60)::int || '분 ' || MOD(timestamp::int, 60) || '초' AS at FROM db_event ORDER BY id

-- interval-arithmetic
SELECT id FROM db_event WHERE occurred_at >= TIMESTAMPTZ '2026-03-02 14:00:00+09' - INTERVAL '30 minutes' AND occurred_at < '2026-03-03'::timestamptz + 2 * INTERVAL '1 hour' ORDER BY id

-- interval-unit
SELECT id FROM db_event WHERE occurred_at < TIMESTAMPTZ '2026-03-02 14:00:00+09' + INTERVAL '5' MINUTE ORDER BY id

-- recorded-at-plus-seconds
SELECT e.id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE v.recorded_at + e.timestamp * INTERVAL '1 second' >= '2026-03-02 14:10:00+09' ORDER BY 1

-- now-written-out
SELECT COUNT(*) FROM db_event WHERE occurred_at < TIMESTAMPTZ '2026-03-02 17:00:00+09:00' AND occurred_at::date < DATE '2026-03-03' AND occurred_at < '2026-03-02T08:00:00Z'

-- moments-that-no-clock-tells
SELECT COUNT(*) FROM db_event WHERE occurred_at > '-infinity'::timestamptz AND occurred_at < 'epoch'::timestamptz

-- words-of-the-clock-as-text
SELECT COUNT(*) FROM db_event WHERE description ILIKE '%today%' OR description ILIKE '%now%' OR action_detected = 'now playing' OR location = 'todays special' OR description ILIKE '%yesterday%'

-- age-of-a-moment
SELECT id, AGE(occurred_at, TIMESTAMPTZ '2026-03-01 00:00:00+09') FROM db_event ORDER BY id

-- date-bin
SELECT DATE_BIN('15 minutes', occurred_at, TIMESTAMPTZ '2026-03-01 00:00:00+09') AS slot, COUNT(*) FROM db_event GROUP BY 1 ORDER BY 1

-- make-date
SELECT COUNT(*) FROM db_event WHERE (occurred_at AT TIME ZONE 'Asia/Seoul')::date = MAKE_DATE(2026, 3, 2)

-- date-function
SELECT DATE(occurred_at AT TIME ZONE 'Asia/Seoul') AS day, COUNT(*) FROM db_event GROUP BY 1 ORDER BY 1

-- dates-from-texts
SELECT id FROM db_event WHERE occurred_at >= TO_TIMESTAMP('2026-03-02 14:00', 'YYYY-MM-DD HH24:MI') AND occurred_at::date <= TO_DATE('20260303', 'YYYYMMDD') AND occurred_at < MAKE_TIMESTAMPTZ(2026, 3, 3, 0, 0, 0, 'Asia/Seoul') AND occurred_at::timestamp > MAKE_TIMESTAMP(2026, 3, 1, 0, 0, 0) ORDER BY id

-- to-timestamp-of-seconds
SELECT id, TO_CHAR(TO_TIMESTAMP(timestamp) AT TIME ZONE 'UTC', 'MI:SS') FROM db_event ORDER BY id

-- format
SELECT id, FORMAT('%s분 %s초 (100%%)', FLOOR(timestamp / 60)::int, MOD(timestamp::int, 60)) FROM db_event ORDER BY id

-- some
SELECT id FROM db_event WHERE event_type = SOME (ARRAY['theft']) ORDER BY id

-- subquery-spelled-like-a-column
WITH duration AS (SELECT MAX(v.duration) AS seconds FROM db_video v) SELECT e.id FROM db_event e, duration WHERE e.timestamp >= duration.seconds - 600 ORDER BY e.id

-- cte-of-values
WITH w(label) AS (VALUES ('theft'), ('fight')) SELECT w.label, (SELECT COUNT(*) FROM db_event e WHERE e.event_type = w.label) AS n FROM w ORDER BY 1

-- nested-logic
SELECT id FROM db_event WHERE (age > 20 AND (gender = 'male' AND (severity = 2 OR (severity = 1 OR NOT (age < 60 AND NOT confidence > 0.6))))) ORDER BY id

-- nested-arithmetic
SELECT id, 10 - (5 - (3 - age)), 100 / (10 / (5.0 / 2)), -(-(-age)), (1 + 2) * (3 - 4) % 5, - (age + 1), 2 * (age::float / 3)::int FROM db_event ORDER BY id

-- overlaps
SELECT id FROM db_event WHERE (occurred_at, INTERVAL '1 minute') OVERLAPS (TIMESTAMPTZ '2026-03-02 14:00:00+09', INTERVAL '10 minutes') ORDER BY id

-- case-searched
SELECT id, CASE WHEN age < 19 THEN '미성년' WHEN age >= 65 THEN '노인' ELSE '성인' END AS age_group FROM db_event ORDER BY id

-- case-simple
SELECT id, CASE severity WHEN 2 THEN 'serious' WHEN 1 THEN 'suspicious' END FROM db_event ORDER BY id

-- age-decades
SELECT (age / 10) * 10 AS decade, COUNT(*) FROM db_event WHERE age IS NOT NULL GROUP BY decade ORDER BY COUNT(*) DESC, decade

-- age-decades-floor
SELECT FLOOR(age / 10.0) * 10 AS decade, COUNT(*) AS n FROM db_event WHERE age IS NOT NULL GROUP BY FLOOR(age / 10.0) * 10 ORDER BY n DESC, 1

-- group-by-alias
SELECT event_type AS kind, COUNT(*) AS n FROM db_event GROUP BY kind HAVING COUNT(*) > 1 ORDER BY n DESC, kind

-- group-by-alias-spelled-like-a-hidden-column
SELECT DATE_TRUNC('hour', occurred_at) AS created_at, COUNT(*) FROM db_event GROUP BY created_at ORDER BY created_at

-- group-by-two
SELECT video_id, event_type, COUNT(*) FROM db_event GROUP BY video_id, event_type ORDER BY 1, 2

-- group-by-brackets
SELECT video_id, event_type, COUNT(*) FROM db_event GROUP BY (video_id, event_type) ORDER BY 1, 2

-- rollup
SELECT event_type, gender, COUNT(*), GROUPING(event_type) FROM db_event GROUP BY ROLLUP (event_type, gender) ORDER BY 1 NULLS LAST, 2 NULLS LAST

-- grouping-sets
SELECT event_type, gender, COUNT(*) FROM db_event GROUP BY GROUPING SETS ((event_type), (gender), ()) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST

-- having-only
SELECT location FROM db_event GROUP BY location HAVING MAX(severity) = 2 AND COUNT(*) >= 2 ORDER BY location

-- distinct
SELECT DISTINCT location FROM db_event ORDER BY location

-- distinct-on
SELECT DISTINCT ON (e.track_id) e.track_id, e.id, e.timestamp FROM db_event e WHERE e.video_id = 1 AND e.track_id IS NOT NULL ORDER BY e.track_id, e.timestamp, e.id

-- distinct-on-alias
SELECT DISTINCT ON (kind) event_type AS kind, id FROM db_event ORDER BY kind, id

-- order-nulls-last
SELECT id, occurred_at FROM db_event ORDER BY occurred_at DESC NULLS LAST, id ASC NULLS FIRST

-- order-by-expression
SELECT id FROM db_event ORDER BY end_timestamp - timestamp DESC NULLS LAST, id

-- order-by-alias-spelled-like-a-column
SELECT id, -age AS age FROM db_event ORDER BY age, id

-- limit
SELECT id FROM db_event ORDER BY timestamp, id LIMIT 5

-- limit-offset
SELECT id FROM db_event ORDER BY timestamp, id LIMIT 5 OFFSET 2

-- limit-all
SELECT id FROM db_event ORDER BY id LIMIT ALL

-- limit-null
SELECT id FROM db_event ORDER BY id LIMIT NULL

-- limit-zero
SELECT id FROM db_event ORDER BY id LIMIT 0

-- limit-large
SELECT id FROM db_event ORDER BY id LIMIT 1000000

-- fetch-first
SELECT id FROM db_event ORDER BY timestamp, id OFFSET 1 ROWS FETCH FIRST 3 ROWS ONLY

-- with-ties-in-a-subquery
SELECT t.id FROM (SELECT id, timestamp FROM db_event ORDER BY timestamp FETCH FIRST 1 ROW WITH TIES) t ORDER BY 1

-- window-row-number
SELECT id, ROW_NUMBER() OVER (PARTITION BY video_id ORDER BY timestamp, id) AS n FROM db_event ORDER BY id

-- window-top-one
SELECT id FROM (SELECT id, RANK() OVER (ORDER BY confidence DESC) AS r FROM db_event WHERE video_id = 1) t WHERE r = 1 ORDER BY id

-- window-lag
SELECT id, timestamp - LAG(timestamp) OVER (PARTITION BY video_id ORDER BY timestamp, id) AS gap, LEAD(id, 2, 0) OVER (ORDER BY id) FROM db_event ORDER BY id

-- window-named
SELECT id, SUM(severity) OVER w, FIRST_VALUE(id) OVER w FROM db_event WINDOW w AS (PARTITION BY video_id ORDER BY timestamp, id) ORDER BY id

-- window-frame
SELECT id, COUNT(*) OVER (ORDER BY timestamp RANGE BETWEEN 60 PRECEDING AND CURRENT ROW) AS busy FROM db_event WHERE video_id = 1 ORDER BY id

-- window-frame-rows
SELECT id, AVG(confidence) OVER (ORDER BY timestamp, id ROWS BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE CURRENT ROW) FROM db_event WHERE video_id = 1 ORDER BY id

-- window-frame-interval
SELECT id, COUNT(*) OVER (ORDER BY occurred_at RANGE BETWEEN '5 minutes' PRECEDING AND CURRENT ROW) FROM db_event ORDER BY id

-- window-share
SELECT event_type, COUNT(*) AS n, ROUND(100.0 * COUNT(*) / SUM(COUNT(*)) OVER (), 1) AS share FROM db_event GROUP BY event_type ORDER BY n DESC, event_type

-- window-others
SELECT id, NTILE(4) OVER (ORDER BY id), DENSE_RANK() OVER (ORDER BY age), PERCENT_RANK() OVER (ORDER BY age), CUME_DIST() OVER (ORDER BY age), LAST_VALUE(id) OVER (ORDER BY id), NTH_VALUE(id, 2) OVER (ORDER BY id) FROM db_event ORDER BY id

-- cte
WITH thefts AS (SELECT * FROM db_event WHERE event_type = 'theft') SELECT COUNT(*) FROM thefts

-- cte-chain
WITH a AS (SELECT id, location FROM db_event WHERE severity = 2), b AS (SELECT location, COUNT(*) AS n FROM a GROUP BY location) SELECT location, n FROM b WHERE n = (SELECT MAX(n) FROM b) ORDER BY location

-- cte-column-names
WITH g(label, n) AS (SELECT event_type, COUNT(*) FROM db_event GROUP BY 1) SELECT label, n FROM g ORDER BY n DESC, label

-- cte-materialized
WITH g AS MATERIALIZED (SELECT location AS label FROM db_event), h AS NOT MATERIALIZED (SELECT label FROM g) SELECT DISTINCT label FROM h ORDER BY 1

-- cte-twice
WITH t AS (SELECT id, timestamp, track_id FROM db_event WHERE video_id = 1) SELECT a.id FROM t a JOIN t b ON a.track_id = b.track_id AND a.id <> b.id ORDER BY 1, b.id

-- cte-inside
SELECT n FROM (WITH g AS (SELECT COUNT(*) AS n FROM db_event) SELECT n FROM g) t

-- cte-unnamed-aggregate
WITH g AS (SELECT event_type, COUNT(*) FROM db_event GROUP BY 1) SELECT event_type, count FROM g ORDER BY count DESC, event_type

-- subquery-unnamed-columns
SELECT t.max, t.coalesce, t.extract, t.timezone, t.case, t.date, t.btrim, t."?column?" FROM (SELECT MAX(e.age), COALESCE(MIN(e.age), 0), EXTRACT(HOUR FROM MAX(e.occurred_at)), MAX(e.occurred_at) AT TIME ZONE 'UTC', CASE WHEN COUNT(*) > 1 THEN 1 END, '2026-03-02'::date, TRIM('  x '), 1 + 1 FROM db_event e) t

-- subquery-unnamed-columns-more
SELECT t.greatest, t.least, t.nullif, t.exists, t.array, t.substring, t.position, t.numeric, t.min FROM (SELECT GREATEST(1, 2), LEAST(1, 2), NULLIF(1, 2), EXISTS (SELECT 1), ARRAY[1, 2], SUBSTRING('abc' FROM 2 FOR 1), POSITION('b' IN 'abc'), 1::numeric, (SELECT MIN(age) FROM db_event)) t

-- subquery-values-columns
SELECT t.column1, t.column2 FROM (VALUES (1, 'a'), (2, 'b')) t ORDER BY 1

-- exists
SELECT b.id FROM db_event b WHERE b.event_type = 'exit' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = b.video_id AND a.track_id = b.track_id AND a.event_type = 'theft' AND b.timestamp - a.timestamp BETWEEN 0 AND 60) ORDER BY b.id

-- not-exists
SELECT e.id FROM db_event e WHERE e.event_type = 'pick_item' AND NOT EXISTS (SELECT 1 FROM db_event p WHERE p.video_id = e.video_id AND p.track_id = e.track_id AND p.event_type = 'payment') ORDER BY e.id

-- scalar-subquery
SELECT (SELECT COUNT(*) FROM db_event) AS events, (SELECT COUNT(*) FROM db_video) AS videos

-- scalar-subquery-correlated
SELECT v.name, (SELECT COUNT(*) FROM db_event e WHERE e.video_id = v.id) AS n FROM db_video v ORDER BY v.id

-- scalar-subquery-same-alias
SELECT e.id FROM db_event e WHERE e.timestamp = (SELECT MIN(e.timestamp) FROM db_event e WHERE e.event_type = 'theft') ORDER BY 1

-- in-subquery
SELECT id FROM db_event WHERE video_id IN (SELECT id FROM db_video WHERE site = '강남점') ORDER BY id

-- all-subquery
SELECT id FROM db_event WHERE age >= ALL (SELECT age FROM db_event WHERE age IS NOT NULL) ORDER BY id

-- from-subquery-column-names
SELECT x, y FROM (SELECT id, age FROM db_event) AS t(x, y) ORDER BY x

-- left-join
SELECT v.id, COUNT(e.id) AS n FROM db_video v LEFT JOIN db_event e ON e.video_id = v.id AND e.severity = 2 GROUP BY v.id ORDER BY v.id

-- right-join
SELECT v.id, e.id FROM db_event e RIGHT JOIN db_video v ON e.video_id = v.id AND e.event_type = 'theft' ORDER BY 1, 2

-- full-join
SELECT v.id, e.id FROM db_event e FULL JOIN db_video v ON e.video_id = v.id ORDER BY 1, 2

-- comma-join
SELECT e.id FROM db_event e, db_video v WHERE e.video_id = v.id AND v.camera = 'CAM-01' ORDER BY 1

-- join-bracketed
SELECT e.id FROM (db_event e JOIN db_video v ON v.id = e.video_id) ORDER BY 1

-- join-using
SELECT a.id, b.id FROM db_event a JOIN db_event b USING (video_id, track_id) WHERE a.id < b.id ORDER BY 1, 2

-- join-using-merged-name
SELECT video_id, COUNT(*) FROM db_event a JOIN db_event b USING (video_id) GROUP BY video_id ORDER BY 1

-- join-by-range
SELECT b.id FROM db_event a JOIN db_event b ON a.video_id = b.video_id AND b.timestamp > a.timestamp AND b.timestamp <= a.timestamp + 60 WHERE a.event_type = 'theft' ORDER BY 1

-- join-by-or
SELECT DISTINCT b.id FROM db_event a JOIN db_event b ON (a.id = b.id OR a.track_id = b.track_id) ORDER BY 1

-- join-single-row
SELECT e.id FROM db_event e CROSS JOIN (SELECT MAX(timestamp) AS last FROM db_event WHERE video_id = 1) m WHERE e.timestamp = m.last ORDER BY 1

-- cross-join-values
SELECT w.label, COUNT(e.id) FROM (VALUES ('theft'), ('fight')) AS w(label) LEFT JOIN db_event e ON e.event_type = w.label GROUP BY 1 ORDER BY 1

-- lateral
SELECT v.id, t.id AS event_id FROM db_video v CROSS JOIN LATERAL (SELECT e.id FROM db_event e WHERE e.video_id = v.id ORDER BY e.timestamp DESC, e.id LIMIT 2) t ORDER BY 1, 2

-- lateral-left
SELECT v.id, t.n FROM db_video v LEFT JOIN LATERAL (SELECT COUNT(*) AS n FROM db_event e WHERE e.video_id = v.id) t ON TRUE ORDER BY 1

-- lateral-comma
SELECT v.id, t.first FROM db_video v, LATERAL (SELECT MIN(timestamp) AS first FROM db_event e WHERE e.video_id = v.id) t ORDER BY 1

-- union
SELECT id FROM db_event WHERE event_type = 'theft' UNION SELECT id FROM db_event WHERE event_type = 'fight' ORDER BY id

-- union-all
SELECT 'theft' AS label, COUNT(*) AS n FROM db_event WHERE event_type = 'theft' UNION ALL SELECT 'fight', COUNT(*) FROM db_event WHERE event_type = 'fight' ORDER BY n DESC, label LIMIT 1

-- union-in-brackets
(SELECT id FROM db_event ORDER BY timestamp, id LIMIT 1) UNION ALL (SELECT id FROM db_event ORDER BY timestamp DESC, id DESC LIMIT 1) ORDER BY 1

-- intersect-except
SELECT track_id FROM db_event WHERE event_type = 'enter' INTERSECT SELECT track_id FROM db_event WHERE event_type = 'exit' EXCEPT SELECT track_id FROM db_event WHERE event_type = 'payment' ORDER BY 1

-- union-in-cte
WITH u AS (SELECT id, timestamp FROM db_event WHERE video_id = 1 UNION SELECT id, timestamp FROM db_event WHERE video_id = 2) SELECT id FROM u ORDER BY timestamp, id

-- string-agg-of-few
SELECT video_id, STRING_AGG(DISTINCT event_type, ', ' ORDER BY event_type) AS kinds FROM db_event GROUP BY video_id ORDER BY 1

-- string-agg-of-a-limited-subquery
SELECT STRING_AGG(t.location, ', ' ORDER BY t.id) FROM (SELECT id, location FROM db_event ORDER BY id LIMIT 20) t

-- array-agg-of-a-limited-subquery
SELECT ARRAY_AGG(t.id ORDER BY t.id) FROM (SELECT id FROM db_event ORDER BY id LIMIT 20) t

-- array-of-a-limited-subquery
SELECT ARRAY(SELECT id FROM db_event ORDER BY id LIMIT 5) AS ids

-- percentile
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY age) AS median, PERCENTILE_DISC(0.9) WITHIN GROUP (ORDER BY confidence DESC), MODE() WITHIN GROUP (ORDER BY event_type) FROM db_event WHERE event_type = 'theft'

-- statistics
SELECT STDDEV(age), VARIANCE(age), CORR(age, confidence), STDDEV_POP(age), VAR_POP(age) FROM db_event

-- bool-aggregates
SELECT BOOL_OR(severity = 2), BOOL_AND(age IS NULL), EVERY(video_id > 0) FROM db_event

-- numbers
SELECT ABS(-1), CEIL(1.2), CEILING(1.2), FLOOR(1.7), ROUND(1.25, 1), ROUND(1.5), TRUNC(1.29, 1), SIGN(-2), MOD(7, 3), DIV(7, 2), 7 % 4, -(-1), + 2, WIDTH_BUCKET(5, 0, 10, 5), 1e10, .5, 123456789012345, 0x1F, 1_000

-- texts
SELECT LOWER(location), UPPER(gender), INITCAP(gender), LENGTH(location), CHAR_LENGTH(location), CHARACTER_LENGTH(location), OCTET_LENGTH(location), LEFT(location, 2), RIGHT(location, 2), REVERSE(gender), SPLIT_PART(track_id, '0', 1), STRPOS(location, '대'), STARTS_WITH(location, '입'), TRANSLATE(gender, 'm', 'f'), CONCAT(gender, ' ', age), CONCAT_WS('/', gender, age), RPAD(gender, 8, '.'), ASCII(gender) FROM db_event ORDER BY id

-- trims
SELECT TRIM(location), TRIM(BOTH ' ' FROM location), LTRIM(location), RTRIM(location, '대'), BTRIM(location, '대'), TRIM(LEADING '입' FROM location) FROM db_event ORDER BY id

-- substrings
SELECT SUBSTRING(location, 1, 2), SUBSTR(location, 2), SUBSTRING(location FROM 2), SUBSTRING(location FROM 1 FOR 2), SUBSTRING(location FOR 2), SUBSTRING(location FROM POSITION('대' IN location)), SUBSTRING(location, 1 + LENGTH(gender)), POSITION('대' IN location) FROM db_event ORDER BY id

-- casts
SELECT id::text, CAST(age AS numeric(5, 1)), age::float, age::double precision, age::real, confidence::numeric, timestamp::int, timestamp::bigint, severity::smallint, (severity = 2)::boolean, occurred_at::timestamp, occurred_at::timestamptz, location::varchar(3), occurred_at::time(0), '5 minutes'::interval, event_type::character varying FROM db_event ORDER BY id

-- qualified-function
SELECT pg_catalog.count(*), pg_catalog.lower('A') FROM db_event

-- generate-series
SELECT m.minute, COUNT(e.id) FROM generate_series(0, 30) AS m(minute) LEFT JOIN db_event e ON e.video_id = 1 AND FLOOR(e.timestamp / 60) = m.minute GROUP BY m.minute ORDER BY m.minute

-- generate-series-step
SELECT start FROM generate_series(0, 1800, 300) AS start ORDER BY start

-- generate-series-down
SELECT x FROM generate_series(10, 1, -3) AS g(x) ORDER BY x

-- unnest
SELECT w.label, COUNT(e.id) FROM unnest(ARRAY['theft', 'fight', 'fire']) AS w(label) LEFT JOIN db_event e ON e.event_type = w.label GROUP BY 1 ORDER BY 1

-- no-table
SELECT 1 AS one

-- korean-alias
SELECT event_type AS "유형", COUNT(*) AS "건수" FROM db_event GROUP BY "유형" ORDER BY "건수" DESC, "유형"

-- korean-alias-bare
SELECT event_type AS 유형, COUNT(*) AS 건수 FROM db_event GROUP BY 유형 ORDER BY 건수 DESC, 유형

-- escapes-in-texts
SELECT id FROM db_event WHERE location = '''1+1'' 50% 할인 매대' OR location = E'a\'b\\c' OR location = $$it's$$ OR location = U&'\ACC4\C0B0\B300' OR location = 'a\b' ORDER BY id

-- unicode-escaped-identifier
SELECT U&"\0069d" FROM db_event ORDER BY 1

-- percent-signs
SELECT '100%' AS a, '%s' AS b, '%(x)s' AS c, 7 % 4 AS d, '%%' AS e

-- colons-in-texts
SELECT ':x' AS a, '$1' AS b, '?' AS c, '{x}' AS d

-- name-longer-than-postgresql-keeps
SELECT event_type AS "a아주 긴 한국어 이름은 예순세 바이트에서 잘린다 그래도 글자의 가운데에서는 아니다" FROM db_event ORDER BY 1, id

-- modern-line-ends
SELECT id
	FROM db_event
	WHERE video_id = 1 ORDER BY id

-- last-n-minutes
SELECT e.id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 1 AND e.timestamp >= v.duration - 60 * 5 ORDER BY e.timestamp, e.id

-- thirds
SELECT e.id, CASE WHEN e.timestamp < v.duration / 3 THEN '초반' WHEN e.timestamp < 2 * v.duration / 3 THEN '중반' ELSE '후반' END AS part FROM db_event e JOIN db_video v ON v.id = e.video_id ORDER BY e.id

-- coverage
SELECT v.id, v.duration, v.analyzed_until, v.analyzed_until >= v.duration AS complete, v.status FROM db_video v ORDER BY v.id

-- longest-visit
SELECT track_id, MAX(timestamp) - MIN(timestamp) AS stay FROM db_event WHERE video_id = 1 AND track_id IS NOT NULL GROUP BY track_id ORDER BY stay DESC, track_id LIMIT 1

-- busiest-minute
SELECT FLOOR(timestamp / 60)::int AS minute, COUNT(*) AS n FROM db_event WHERE video_id = 1 GROUP BY FLOOR(timestamp / 60)::int ORDER BY n DESC, minute LIMIT 1

-- compare-two-types
SELECT SUM((event_type = 'theft')::int) AS thefts, SUM((event_type = 'fight')::int) AS fights FROM db_event

-- three-levels
SELECT v.name FROM db_video v WHERE v.id IN (SELECT e.video_id FROM db_event e WHERE e.track_id IN (SELECT x.track_id FROM db_event x WHERE x.video_id = e.video_id AND x.event_type = 'theft') GROUP BY e.video_id HAVING COUNT(*) > 1) ORDER BY 1

-- many-words
SELECT id FROM db_event WHERE (action_detected ILIKE '%가방%' OR description ILIKE '%가방%' OR action_detected ILIKE '%bag%' OR description ILIKE '%bag%' OR action_detected ILIKE '%핸드백%' OR description ILIKE '%핸드백%' OR action_detected ILIKE '%백팩%' OR description ILIKE '%백팩%' OR action_detected ILIKE '%backpack%' OR description ILIKE '%backpack%') AND severity >= 0 ORDER BY timestamp, id

-- outer-column-qualified
WITH g AS (SELECT location AS place FROM db_event) SELECT DISTINCT g.place FROM g WHERE EXISTS (SELECT 1 FROM db_event e WHERE e.location = g.place) ORDER BY 1

-- collapse-nested-brackets
SELECT ((((id)))) FROM db_event WHERE ((((video_id = 1)))) ORDER BY ((1))

-- regex
SELECT id FROM db_event WHERE description ~ '(가방|bag)' OR location ~* '^check' OR description !~ 'x$' OR description !~* '[0-9]+' ORDER BY id

-- regex-slow-but-interruptible
SELECT id FROM db_event WHERE description ~ '(a+)+$' ORDER BY id

-- regexp-replace
SELECT id, regexp_replace(location, '[0-9]+', '#', 'g') AS place FROM db_event ORDER BY id

-- regexp-replace-groups
SELECT id, regexp_replace(location, '(\w+) (\w+)', '\2 \1') AS place FROM db_event ORDER BY id

-- regexp-count
SELECT sum(regexp_count(description, '가')) AS n, sum(regexp_count(description, 'A', 1, 'i')) AS m FROM db_event

-- regexp-like-and-substr
SELECT id, regexp_substr(description, '[0-9]+') AS figure FROM db_event WHERE regexp_like(description, '[0-9]', 'i') ORDER BY id

-- substring-regex
SELECT id, SUBSTRING(description FROM '[0-9]+') AS figure, SUBSTRING(location, '^.') AS initial FROM db_event ORDER BY id

-- substring-from-for
SELECT id, SUBSTRING(description FROM 1 FOR 20) AS head, SUBSTRING(description FROM POSITION(' ' IN description) + 1 FOR 5) AS second FROM db_event ORDER BY id

-- power-sqrt-ln
SELECT round(power(avg(age), 2), 2) AS square, power(2, -3) AS eighth, sqrt(16) AS root, ln(max(age) + 1) AS log, sqrt(avg(power(confidence, 2))) AS rms FROM db_event

-- width-bucket
SELECT width_bucket(age, 0, 100, 10) AS decade, count(*) FROM db_event WHERE age IS NOT NULL GROUP BY 1 ORDER BY 1

-- width-bucket-thresholds
SELECT width_bucket(age, ARRAY[13, 19, 65]) AS part, count(*) FROM db_event WHERE age IS NOT NULL GROUP BY 1 ORDER BY 1

-- percentile-of-many
SELECT percentile_cont(ARRAY[0.25, 0.5, 0.9]) WITHIN GROUP (ORDER BY age) AS quartiles, percentile_disc(ARRAY[0.1, 0.9]) WITHIN GROUP (ORDER BY description) AS ends FROM db_event

-- cube
SELECT event_type, gender, count(*) AS n FROM db_event GROUP BY CUBE (event_type, gender) ORDER BY 1, 2, 3

-- rollup-and-grouping
SELECT event_type, location, grouping(event_type, location) AS level, count(*) AS n FROM db_event GROUP BY ROLLUP (event_type, location) ORDER BY 1, 2, 3, 4

-- array-of-capped-rows
SELECT cardinality(array_agg(t.id)) AS n, array_length(array_agg(t.id), 1) AS m, string_agg(t.location, ', ' ORDER BY t.id) AS places FROM (SELECT id, location FROM db_event ORDER BY id LIMIT 20) AS t

-- regression
SELECT regr_slope(confidence, age) AS slope, regr_intercept(confidence, age) AS base, regr_r2(confidence, age) AS fit, regr_count(confidence, age) AS n, cbrt(8) AS root, log(100) AS decades FROM db_event
