-- existence-001
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' ORDER BY e.timestamp, e.id

-- existence-002
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 2 AND e.event_type IN ('assault', 'fight', 'robbery') AND (e.occurred_at AT TIME ZONE v.timezone)::time < '06:00' ORDER BY e.timestamp, e.id

-- existence-003
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fall' ORDER BY e.timestamp, e.id

-- existence-004
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fire' ORDER BY e.timestamp, e.id

-- existence-005
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fall' AND e.location LIKE '%화장실%' ORDER BY e.timestamp, e.id

-- existence-006
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'kidnapping' ORDER BY e.timestamp, e.id

-- existence-007
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.location LIKE '%주류 코너%' ORDER BY e.timestamp, e.id

-- existence-008
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'intrusion' ORDER BY e.timestamp, e.id

-- existence-009
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'weapon' AND e.occurred_at >= '2026-03-03 00:00:00+09' ORDER BY e.timestamp, e.id

-- existence-010
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type IN ('assault', 'fight', 'robbery') AND e.timestamp >= 600 ORDER BY e.timestamp, e.id

-- existence-011
SELECT e.id AS id FROM db_event e WHERE e.event_type = 'smoking' ORDER BY e.video_id, e.timestamp, e.id

-- existence-012
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'robbery' ORDER BY e.timestamp, e.id

-- existence-013
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'fire' ORDER BY e.timestamp, e.id

-- existence-014
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.age < 19 ORDER BY e.timestamp, e.id

-- existence-015
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.severity >= 1 AND e.timestamp <= 300 ORDER BY e.timestamp, e.id

-- existence-016
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fight' AND e.gender = 'female' ORDER BY e.timestamp, e.id

-- existence-017
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'loitering' AND e.location LIKE '%엘리베이터%' ORDER BY e.timestamp, e.id

-- existence-018
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity = 2 AND e.location LIKE '%계산대%' ORDER BY e.timestamp, e.id

-- when-019
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'fall' AND e.occurred_at >= '2026-03-02 18:00:00+09' AND e.occurred_at < '2026-03-03 06:00:00+09' ORDER BY e.timestamp, e.id

-- when-020
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fall' AND e.age >= 65 ORDER BY e.timestamp, e.id

-- when-021
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'robbery' ORDER BY e.timestamp, e.id

-- when-022
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_enter' AND (e.action_detected LIKE '%흰색%' OR e.description LIKE '%흰색%') ORDER BY e.timestamp, e.id

-- when-023
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.gender = 'male' AND (e.action_detected LIKE '%가방%' OR e.description LIKE '%가방%') ORDER BY e.timestamp, e.id

-- when-024
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'smoking' ORDER BY e.timestamp, e.id

-- when-025
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fight' AND e.location LIKE '%계산대%' ORDER BY e.timestamp, e.id

-- when-026
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vandalism' AND e.location LIKE '%구역 B%' ORDER BY e.timestamp, e.id

-- when-027
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'drunkenness' ORDER BY e.timestamp, e.id

-- when-028
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'fire' ORDER BY e.timestamp, e.id

-- when-029
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_enter' AND e.timestamp BETWEEN 450 AND 570 ORDER BY e.timestamp, e.id

-- when-030
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 1 AND e.event_type = 'fall' AND (e.occurred_at AT TIME ZONE v.timezone)::time >= '14:05' AND (e.occurred_at AT TIME ZONE v.timezone)::time <= '14:10' ORDER BY e.timestamp, e.id

-- when-031
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'abandonment' ORDER BY e.timestamp, e.id

-- when-032
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_exit' AND (e.action_detected LIKE '%소방차%' OR e.description LIKE '%소방차%') ORDER BY e.timestamp, e.id

-- when-033
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'weapon' AND e.gender = 'male' ORDER BY e.timestamp, e.id

-- list-034
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity >= 1 ORDER BY e.timestamp, e.id

-- list-035
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.gender = 'female' AND e.age BETWEEN 18 AND 29 ORDER BY e.timestamp, e.id

-- list-036
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'loitering' AND e.timestamp < 400 ORDER BY e.timestamp, e.id

-- list-037
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity >= 1 AND e.timestamp BETWEEN 600 AND 900 ORDER BY e.timestamp, e.id

-- list-038
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.age >= 20 AND e.age < 30 ORDER BY e.timestamp, e.id

-- list-039
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.location LIKE '%하역장%' ORDER BY e.timestamp, e.id

-- list-040
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_exit' ORDER BY e.timestamp, e.id

-- list-041
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity >= 1 AND e.confidence >= 0.9 ORDER BY e.timestamp, e.id

-- list-042
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.location LIKE '%냉장 코너%' ORDER BY e.timestamp, e.id

-- list-043
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.location = '''1+1'' 50% 할인 매대' ORDER BY e.timestamp, e.id

-- list-044
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity = 0 AND e.timestamp <= 120 ORDER BY e.timestamp, e.id

-- list-045
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.severity = 2 AND e.occurred_at >= '2026-03-03 00:00:00+09' ORDER BY e.timestamp, e.id

-- list-046
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity = 2 AND e.gender = 'male' AND e.age BETWEEN 40 AND 59 ORDER BY e.timestamp, e.id

-- list-047
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.confidence < 0.6 ORDER BY e.timestamp, e.id

-- list-048
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.timestamp BETWEEN 600 AND 900 ORDER BY e.timestamp, e.id

-- list-049
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'return_item' ORDER BY e.timestamp, e.id

-- count_events-050
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft'

-- count_events-051
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.severity >= 1 AND e.location LIKE '%주류 코너%'

-- count_events-052
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity >= 1 AND e.location LIKE '%주류 코너%' ORDER BY e.timestamp, e.id

-- count_events-053
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_enter'

-- count_events-054
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_enter' ORDER BY e.timestamp, e.id

-- count_events-055
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'payment'

-- count_events-056
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'payment' ORDER BY e.timestamp, e.id

-- count_events-057
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 3 AND e.severity >= 1

-- count_events-058
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.severity >= 1 ORDER BY e.timestamp, e.id

-- count_events-059
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 2 AND e.severity >= 1 AND e.occurred_at >= '2026-03-03 00:00:00+09'

-- count_events-060
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.severity >= 1 AND e.occurred_at >= '2026-03-03 00:00:00+09' ORDER BY e.timestamp, e.id

-- count_events-061
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.severity = 2

-- count_events-062
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity = 2 ORDER BY e.timestamp, e.id

-- count_events-063
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 3 AND e.gender = 'female'

-- count_events-064
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.gender = 'female' ORDER BY e.timestamp, e.id

-- count_events-065
SELECT COUNT(*) AS value FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.event_type = 'fall' AND (e.occurred_at AT TIME ZONE v.timezone)::date >= DATE '2026-03-02' AND (e.occurred_at AT TIME ZONE v.timezone)::date < DATE '2026-03-09'

-- count_events-066
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.event_type = 'fall' AND (e.occurred_at AT TIME ZONE v.timezone)::date >= DATE '2026-03-02' AND (e.occurred_at AT TIME ZONE v.timezone)::date < DATE '2026-03-09' ORDER BY e.video_id, e.timestamp, e.id

-- count_events-067
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'loitering'

-- count_events-068
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'loitering' ORDER BY e.timestamp, e.id

-- count_events-069
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'theft' AND e.gender = 'female'

-- count_events-070
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'theft' AND e.gender = 'female' ORDER BY e.timestamp, e.id

-- count_events-071
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.confidence >= 0.9

-- count_events-072
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.confidence >= 0.9 ORDER BY e.timestamp, e.id

-- count_events-073
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'crowding'

-- count_events-074
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'crowding' ORDER BY e.timestamp, e.id

-- count_events-075
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.timestamp BETWEEN 300 AND 600

-- count_events-076
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.timestamp BETWEEN 300 AND 600 ORDER BY e.timestamp, e.id

-- count_persons-077
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.track_id IS NOT NULL

-- count_persons-078
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-079
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'enter' AND e.track_id IS NOT NULL

-- count_persons-080
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'enter' AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-081
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'drunkenness' AND e.track_id IS NOT NULL

-- count_persons-082
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'drunkenness' AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-083
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 1 AND e.age < 19 AND e.track_id IS NOT NULL

-- count_persons-084
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.age < 19 AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-085
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'payment' AND e.gender = 'female' AND e.track_id IS NOT NULL

-- count_persons-086
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'payment' AND e.gender = 'female' AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-087
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 2 AND e.age >= 10 AND e.age < 20 AND e.track_id IS NOT NULL

-- count_persons-088
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.age >= 10 AND e.age < 20 AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-089
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'enter' AND e.gender = 'male' AND e.track_id IS NOT NULL

-- count_persons-090
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'enter' AND e.gender = 'male' AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-091
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 2 AND e.age < 30 AND e.track_id IS NOT NULL

-- count_persons-092
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.age < 30 AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- count_persons-093
SELECT COUNT(DISTINCT (e.video_id, e.track_id)) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.timestamp <= 600 AND e.track_id IS NOT NULL

-- count_persons-094
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.timestamp <= 600 AND e.track_id IS NOT NULL ORDER BY e.timestamp, e.id

-- who-095
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fight' ORDER BY e.timestamp, e.id

-- who-096
SELECT AVG(e.age)::double precision AS value FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'fall' AND e.age IS NOT NULL

-- who-097
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'fall' AND e.age IS NOT NULL ORDER BY e.timestamp, e.id

-- who-098
SELECT (100.0 * COUNT(*) FILTER (WHERE e.gender = 'male') / COUNT(*))::double precision AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft'

-- who-099
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.gender = 'male' ORDER BY e.timestamp, e.id

-- who-100
SELECT e.age AS value FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'weapon'

-- who-101
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'weapon' ORDER BY e.timestamp, e.id

-- who-102
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.gender = 'male' AND e.age BETWEEN 37 AND 39 ORDER BY e.timestamp, e.id

-- who-103
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.location LIKE '%화장품 코너%' ORDER BY e.timestamp, e.id

-- who-104
SELECT AVG(e.age)::double precision AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.age IS NOT NULL

-- who-105
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.age IS NOT NULL ORDER BY e.timestamp, e.id

-- who-106
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vandalism' AND (e.action_detected LIKE '%사이드미러%' OR e.description LIKE '%사이드미러%') ORDER BY e.timestamp, e.id

-- order-107
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.timestamp = (SELECT MIN(x.timestamp) FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'theft') ORDER BY e.timestamp, e.id

-- order-108
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'loitering' ORDER BY e.timestamp, e.id LIMIT 1 OFFSET 1

-- order-109
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_enter' AND e.timestamp = (SELECT MIN(x.timestamp) FROM db_event x WHERE x.video_id = 2 AND x.event_type = 'vehicle_enter') ORDER BY e.timestamp, e.id

-- order-110
SELECT t.id AS id FROM (SELECT e.id, e.timestamp FROM db_event e WHERE e.video_id = 1 ORDER BY e.timestamp DESC, e.id DESC LIMIT 5) t ORDER BY t.timestamp, t.id

-- order-111
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'exit' AND e.timestamp = (SELECT MAX(x.timestamp) FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'exit') ORDER BY e.timestamp, e.id

-- order-112
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'enter' AND e.timestamp = (SELECT MIN(x.timestamp) FROM db_event x WHERE x.video_id = 3 AND x.event_type = 'enter') ORDER BY e.timestamp, e.id

-- order-113
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fight' AND e.timestamp = (SELECT MIN(x.timestamp) FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'fight') ORDER BY e.timestamp, e.id

-- order-114
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'vehicle_exit' AND e.timestamp = (SELECT MAX(x.timestamp) FROM db_event x WHERE x.video_id = 2 AND x.event_type = 'vehicle_exit') ORDER BY e.timestamp, e.id

-- order-115
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' ORDER BY e.timestamp, e.id LIMIT 1 OFFSET 1

-- order-116
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.severity >= 1 AND e.timestamp = (SELECT MAX(x.timestamp) FROM db_event x WHERE x.video_id = 3 AND x.severity >= 1) ORDER BY e.timestamp, e.id

-- extremes-117
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'loitering' AND e.end_timestamp IS NOT NULL AND (e.end_timestamp - e.timestamp) = (SELECT MAX((x.end_timestamp - x.timestamp)) FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'loitering' AND x.end_timestamp IS NOT NULL) ORDER BY e.timestamp, e.id

-- extremes-118
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.end_timestamp IS NOT NULL AND (e.end_timestamp - e.timestamp) = (SELECT MAX((x.end_timestamp - x.timestamp)) FROM db_event x WHERE x.video_id = 2 AND x.end_timestamp IS NOT NULL) ORDER BY e.timestamp, e.id

-- extremes-119
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.age IS NOT NULL AND e.age = (SELECT MIN(x.age) FROM db_event x WHERE x.video_id = 1 AND x.age IS NOT NULL) ORDER BY e.timestamp, e.id

-- extremes-120
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.end_timestamp IS NOT NULL AND (e.end_timestamp - e.timestamp) = (SELECT MIN((x.end_timestamp - x.timestamp)) FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'theft' AND x.end_timestamp IS NOT NULL) ORDER BY e.timestamp, e.id

-- extremes-121
SELECT AVG(e.end_timestamp - e.timestamp) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'loitering' AND e.end_timestamp IS NOT NULL

-- extremes-122
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'loitering' AND e.end_timestamp IS NOT NULL ORDER BY e.timestamp, e.id

-- extremes-123
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type = 'loitering' AND e.end_timestamp IS NOT NULL AND (e.end_timestamp - e.timestamp) = (SELECT MAX((x.end_timestamp - x.timestamp)) FROM db_event x WHERE x.video_id = 2 AND x.event_type = 'loitering' AND x.end_timestamp IS NOT NULL) ORDER BY e.timestamp, e.id

-- extremes-124
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.confidence = (SELECT MAX(x.confidence) FROM db_event x WHERE x.video_id = 1 AND x.event_type = 'theft') ORDER BY e.timestamp, e.id

-- extremes-125
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.severity = 2 AND e.age IS NOT NULL AND e.age = (SELECT MAX(x.age) FROM db_event x WHERE x.video_id = 2 AND x.severity = 2 AND x.age IS NOT NULL) ORDER BY e.timestamp, e.id

-- grouping-126
WITH g AS (SELECT e.event_type AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 1 GROUP BY 1) SELECT label, n FROM g WHERE n = (SELECT MAX(n) FROM g) ORDER BY label

-- grouping-127
SELECT e.event_type AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 3 GROUP BY 1 ORDER BY n DESC, label

-- grouping-128
WITH g AS (SELECT e.location AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' GROUP BY 1) SELECT label, n FROM g WHERE n = (SELECT MAX(n) FROM g) ORDER BY label

-- grouping-129
SELECT e.location AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 2 AND e.severity >= 1 GROUP BY 1 ORDER BY n DESC, label

-- grouping-130
SELECT e.gender AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.gender IN ('male', 'female') GROUP BY 1 ORDER BY n DESC, label

-- grouping-131
SELECT e.event_type AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 1 AND e.event_type IN ('fight', 'theft') GROUP BY 1 ORDER BY n DESC, label

-- grouping-132
WITH g AS (SELECT EXTRACT(HOUR FROM (e.occurred_at AT TIME ZONE v.timezone))::int AS label, COUNT(*) AS n FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 2 GROUP BY 1) SELECT label, n FROM g WHERE n = (SELECT MAX(n) FROM g) ORDER BY label

-- grouping-133
SELECT e.gender AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 1 GROUP BY 1 ORDER BY n DESC, label

-- grouping-134
WITH g AS (SELECT (e.age / 10) * 10 AS label, COUNT(*) AS n FROM db_event e WHERE e.video_id = 1 AND e.age IS NOT NULL GROUP BY 1) SELECT label, n FROM g WHERE n = (SELECT MAX(n) FROM g) ORDER BY label

-- grouping-135
SELECT (100.0 * COUNT(*) FILTER (WHERE e.severity >= 1) / COUNT(*))::double precision AS value FROM db_event e WHERE e.video_id = 3

-- time_range-136
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.timestamp >= 600 AND e.timestamp < 660 ORDER BY e.timestamp, e.id

-- time_range-137
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.timestamp BETWEEN 745 AND 755 ORDER BY e.timestamp, e.id

-- time_range-138
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.timestamp BETWEEN 600 AND 720 ORDER BY e.timestamp, e.id

-- time_range-139
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 1 AND e.event_type = 'theft' AND (e.occurred_at AT TIME ZONE v.timezone)::time >= '14:05' AND (e.occurred_at AT TIME ZONE v.timezone)::time <= '14:10' ORDER BY e.timestamp, e.id

-- time_range-140
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 2 AND (e.occurred_at AT TIME ZONE v.timezone)::time >= '23:50' AND (e.occurred_at AT TIME ZONE v.timezone)::time < '23:51' ORDER BY e.timestamp, e.id

-- time_range-141
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.timestamp >= 600 ORDER BY e.timestamp, e.id

-- time_range-142
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.severity >= 1 AND e.timestamp >= 1200 ORDER BY e.timestamp, e.id

-- time_range-143
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.timestamp BETWEEN 625 AND 635 ORDER BY e.timestamp, e.id

-- time_range-144
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.severity >= 1 AND e.occurred_at >= '2026-03-02 23:45:00+09' AND e.occurred_at <= '2026-03-03 00:00:00+09' ORDER BY e.timestamp, e.id

-- time_range-145
SELECT COUNT(*) AS value FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 2 AND e.event_type = 'vehicle_enter' AND (e.occurred_at AT TIME ZONE v.timezone)::date = DATE '2026-03-03'

-- time_range-146
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 2 AND e.event_type = 'vehicle_enter' AND (e.occurred_at AT TIME ZONE v.timezone)::date = DATE '2026-03-03' ORDER BY e.timestamp, e.id

-- time_range-147
SELECT COUNT(*) AS value FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 2 AND e.severity >= 1 AND (e.occurred_at AT TIME ZONE v.timezone)::date = DATE '2026-03-02'

-- time_range-148
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.video_id = 2 AND e.severity >= 1 AND (e.occurred_at AT TIME ZONE v.timezone)::date = DATE '2026-03-02' ORDER BY e.timestamp, e.id

-- negation-149
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity >= 1 AND e.event_type <> 'theft' ORDER BY e.timestamp, e.id

-- negation-150
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type IN ('fight', 'assault') ORDER BY e.timestamp, e.id

-- negation-151
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.severity = 2 AND e.location NOT LIKE '%계산대%' ORDER BY e.timestamp, e.id

-- negation-152
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 2 AND e.event_type IN ('theft', 'vandalism')

-- negation-153
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.event_type IN ('theft', 'vandalism') ORDER BY e.timestamp, e.id

-- negation-154
SELECT e.id AS id FROM db_event e WHERE e.video_id = 2 AND e.severity >= 1 AND e.event_type <> 'loitering' ORDER BY e.timestamp, e.id

-- negation-155
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.severity >= 1 AND e.location NOT LIKE '%하역장%' ORDER BY e.timestamp, e.id

-- cross_video-156
SELECT e.id AS id FROM db_event e WHERE e.event_type = 'theft' ORDER BY e.video_id, e.timestamp, e.id

-- cross_video-157
SELECT COUNT(*) AS value FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.severity >= 1 AND v.site = '강남점'

-- cross_video-158
SELECT e.id AS id FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.severity >= 1 AND v.site = '강남점' ORDER BY e.video_id, e.timestamp, e.id

-- cross_video-159
SELECT v.camera AS label, COUNT(*) AS n FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.severity >= 1 GROUP BY 1 ORDER BY n DESC, label

-- cross_video-160
SELECT e.id AS id FROM db_event e WHERE e.event_type = 'fire' ORDER BY e.video_id, e.timestamp, e.id

-- cross_video-161
WITH g AS (SELECT v.camera AS label, COUNT(*) AS n FROM db_event e JOIN db_video v ON v.id = e.video_id WHERE e.severity >= 1 GROUP BY 1) SELECT label, n FROM g WHERE n = (SELECT MAX(n) FROM g) ORDER BY label

-- cross_video-162
SELECT e.id AS id FROM db_event e WHERE e.severity = 2 AND e.confidence > 0.9 ORDER BY e.video_id, e.timestamp, e.id

-- sequence-163
SELECT b.id AS id FROM db_event b WHERE b.video_id = 1 AND b.event_type = 'exit' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = b.video_id AND a.track_id = b.track_id AND a.event_type = 'theft' AND b.timestamp - a.timestamp BETWEEN 0 AND 60) ORDER BY b.timestamp, b.id

-- sequence-164
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.track_id = 'P009' ORDER BY e.timestamp, e.id

-- sequence-165
SELECT b.id AS id FROM db_event b WHERE b.video_id = 2 AND b.event_type = 'fall' AND EXISTS (SELECT 1 FROM db_event a WHERE a.video_id = b.video_id AND a.event_type = 'robbery' AND b.timestamp - a.timestamp BETWEEN 0 AND 60) ORDER BY b.timestamp, b.id

-- followup-166
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.gender = 'female' ORDER BY e.timestamp, e.id

-- followup-167
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'fight' AND e.timestamp BETWEEN 600 AND 900 ORDER BY e.timestamp, e.id

-- followup-168
SELECT DISTINCT e.age AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.location LIKE '%화장품 코너%'

-- followup-169
SELECT COUNT(*) AS value FROM db_event e WHERE e.video_id = 1 AND e.event_type = 'theft' AND e.gender = 'male'

-- unanswerable-170
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'intrusion' AND e.timestamp >= 1500 ORDER BY e.timestamp, e.id

-- unanswerable-171
SELECT e.id AS id FROM db_event e WHERE e.video_id = 1 AND e.timestamp >= 1500 AND e.timestamp < 1560 ORDER BY e.timestamp, e.id

-- unanswerable-172
SELECT e.id AS id FROM db_event e WHERE e.video_id = 3 AND e.event_type = 'robbery' ORDER BY e.timestamp, e.id
