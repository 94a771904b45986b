-- The rows that count, whatever the set-up. Loaded as they are into the database of truth; worldTables.ts spreads them
-- over the stores of a set-up. What is tricky about them says ../README.md. Statements end with a semicolon at a line's end.

-- Orders: business days in Shanghai. Base rows 1..102: n = 2 * (days since the 1st of October 2026) + k.
CREATE TABLE orders (
  order_id bigint, ordered_at timestamptz, paid_at timestamptz, ds date, customer_id bigint, channel text,
  size bigint, is_gift boolean, host_id bigint, referrer_id bigint, shop_id bigint, amount numeric(12,2)
);

INSERT INTO orders
SELECT n, at,
  CASE WHEN n % 6 <> 0 AND paid < timestamptz '2026-11-20 10:00+08' THEN paid END,
  d, CASE WHEN n % 11 <> 0 THEN 1 + n % 7 END,
  (ARRAY['web', 'app', 'store', 'web', NULL])[n % 5 + 1],
  CASE WHEN n % 13 <> 0 THEN (n * 37) % 150 END,
  (ARRAY[true, false, false, NULL])[n % 4 + 1],
  CASE WHEN n % 8 <> 0 THEN 100 + n % 4 END,
  CASE WHEN n % 3 <> 0 THEN 100 + n % 3 END,
  1 + n % 3,
  CASE WHEN n % 10 <> 9 THEN 5 + ((n * 7919) % 10000) / 100.0 END
FROM (
  SELECT d::date AS d, 2 * (d::date - date '2026-10-01') + k AS n, (d + (7 + k) * interval '1 hour') AT TIME ZONE 'Asia/Shanghai' AS at
  FROM generate_series(timestamp '2026-10-01', timestamp '2026-11-20', interval '1 day') AS d, generate_series(1, 2) AS k
  WHERE (k = 1 OR extract(day FROM d)::int % 3 = 0)
    AND d::date NOT IN ('2026-10-10', '2026-10-11', '2026-11-05', '2026-11-14')
) AS base
CROSS JOIN LATERAL (SELECT at + CASE WHEN n % 6 = 1 THEN interval '5 days' ELSE (n % 3) * interval '1 day' + interval '3 hours' END AS paid) AS later;

-- Around midnight: the ends of a month and of a week, 1 ms before, at and 1 ms after.
INSERT INTO orders VALUES
  (1001, '2026-10-31 23:59:59.999+08', '2026-11-01 00:00:00.000+08', '2026-10-31', 2, 'app', 100, false, 100, NULL, 1, 1000.01),
  (1002, '2026-11-01 00:00:00.000+08', '2026-11-01 00:00:00.001+08', '2026-11-01', 2, 'app', 99, true, 100, 101, 1, 2000.02),
  (1003, '2026-11-01 00:00:00.001+08', '2026-10-31 23:59:59.999+08', '2026-11-01', 3, 'web', 101, NULL, 101, 102, 2, 3000.04),
  (1004, '2026-11-08 23:59:59.999+08', '2026-11-09 00:00:00.000+08', '2026-11-08', 1, 'web', 0, true, 102, 100, 2, 400.08),
  (1005, '2026-11-09 00:00:00.000+08', NULL, '2026-11-09', 5, 'store', 149, false, 103, NULL, 3, 500.16),
  (1006, '2026-11-18 23:59:59.999+08', '2026-11-19 00:00:00.000+08', '2026-11-18', 4, 'web', 10, true, 100, 101, 1, 60.32),
  (1007, '2026-11-19 00:00:00.000+08', '2026-11-19 00:00:00.001+08', '2026-11-19', 4, 'app', 20, false, 101, 100, 2, 70.64);

-- Early and late on days that an unfinished day, week or month is compared with, and late in what is there of today.
INSERT INTO orders VALUES
  (1012, '2026-11-13 07:00+08', NULL, '2026-11-13', 1, 'web', 30, false, NULL, NULL, 1, 7.07),
  (1013, '2026-11-13 20:00+08', NULL, '2026-11-13', 6, 'app', 31, true, NULL, NULL, 2, 20.20),
  (1014, '2026-10-20 20:00+08', NULL, '2026-10-20', 1, 'app', 32, true, NULL, NULL, 1, 320.30),
  (1015, '2026-11-20 10:00+08', NULL, '2026-11-20', 1, 'web', 33, true, NULL, NULL, 1, 10.40),
  (1018, '2026-11-19 10:40+08', NULL, '2026-11-19', 2, 'app', 34, false, NULL, NULL, 2, 40.80);

-- Two at the same moment, the dearer first by number.
INSERT INTO orders VALUES
  (1016, '2026-10-25 21:00+08', NULL, '2026-10-25', 2, 'store', 35, false, NULL, NULL, 2, 66.60),
  (1017, '2026-10-25 21:00+08', NULL, '2026-10-25', 2, 'store', 36, false, NULL, NULL, 2, 55.50);

-- Leap year, month ends and year ends.
INSERT INTO orders VALUES
  (2001, '2023-12-31 12:00+08', '2024-01-01 12:00+08', '2023-12-31', 1, 'web', 1, false, NULL, NULL, 1, 1.01),
  (2002, '2024-01-01 12:00+08', '2024-01-01 13:00+08', '2024-01-01', 1, 'app', 2, true, NULL, NULL, 1, 2.02),
  (2003, '2024-01-29 12:00+08', NULL, '2024-01-29', 2, 'web', 3, false, NULL, NULL, 1, 29.01),
  (2004, '2024-01-31 12:00+08', '2024-02-29 12:00+08', '2024-01-31', 2, 'web', 4, false, NULL, NULL, 1, 31.01),
  (2005, '2024-02-28 12:00+08', NULL, '2024-02-28', 3, 'web', 5, true, NULL, NULL, 1, 28.02),
  (2006, '2024-02-29 12:00+08', '2024-03-01 00:00+08', '2024-02-29', 3, 'app', 6, false, NULL, NULL, 1, 29.02),
  (2007, '2024-03-01 12:00+08', NULL, '2024-03-01', 4, 'app', 7, NULL, NULL, NULL, 1, 1.03),
  (2008, '2024-03-29 12:00+08', NULL, '2024-03-29', 4, 'web', 8, false, NULL, NULL, 1, 29.03),
  (2009, '2024-03-31 12:00+08', NULL, '2024-03-31', 1, 'web', 9, false, NULL, NULL, 1, 31.03),
  (2010, '2025-02-27 12:00+08', NULL, '2025-02-27', 1, 'web', 10, false, NULL, NULL, 1, 27.25),
  (2011, '2025-02-28 12:00+08', NULL, '2025-02-28', 2, 'app', 11, true, NULL, NULL, 1, 28.25),
  (2012, '2025-03-28 12:00+08', NULL, '2025-03-28', 2, 'web', 12, false, NULL, NULL, 1, 28.35),
  (2013, '2025-03-30 12:00+08', NULL, '2025-03-30', 3, 'app', 13, false, NULL, NULL, 1, 30.35),
  (2014, '2025-03-31 12:00+08', NULL, '2025-03-31', 3, 'web', 14, false, NULL, NULL, 1, 31.35),
  (2015, '2025-12-31 12:00+08', NULL, '2025-12-31', 1, 'web', 15, false, NULL, NULL, 1, 31.12),
  (2016, '2026-01-01 12:00+08', NULL, '2026-01-01', 1, 'app', 16, false, NULL, NULL, 1, 1.26);

-- The items of orders, several a row; orders whose number divides by 4 have none; one item has no order.
CREATE TABLE order_item (item_no bigint, order_id bigint, category text, quantity bigint);

INSERT INTO order_item
SELECT 10 * o.order_id + i.nth, o.order_id, i.category, i.nth
FROM orders AS o
JOIN (VALUES (1, 1, 'book'), (1, 2, 'book'), (1, 3, 'toy'), (2, 1, 'food'), (3, 1, 'toy'), (3, 2, NULL)) AS i (kind, nth, category)
  ON o.order_id % 4 = i.kind
WHERE o.order_id < 2000;

INSERT INTO order_item VALUES (999991, 99999, 'ghost', 5);

-- Customers with their history, half-open; 3 has a gap, 5 begins late, 7 has no row, one row has no key.
CREATE TABLE dim_customer (customer_id bigint, valid_from timestamptz, valid_to timestamptz, tier text, home text);

INSERT INTO dim_customer VALUES
  (1, '2020-01-01 00:00+08', NULL, 'gold', 'JP'),
  (2, '2020-01-01 00:00+08', '2026-11-01 00:00+08', 'silver', 'JP'),
  (2, '2026-11-01 00:00+08', NULL, 'gold', 'US'),
  (3, '2020-01-01 00:00+08', '2026-10-15 00:00+08', 'bronze', 'US'),
  (3, '2026-10-20 00:00+08', NULL, 'silver', 'XX'),
  (4, '2020-01-01 00:00+08', NULL, 'bronze', 'DE'),
  (5, '2026-10-20 08:00+08', NULL, 'silver', NULL),
  (6, '2020-01-01 00:00+08', '2026-11-10 12:00+08', NULL, 'US'),
  (6, '2026-11-10 12:00+08', NULL, 'bronze', 'US'),
  (NULL, '2020-01-01 00:00+08', NULL, 'ghost', 'JP');

-- Channels with a history by days.
CREATE TABLE dim_channel (channel text, from_day date, to_day date, team text);

INSERT INTO dim_channel VALUES
  ('web', '2020-01-01', '2026-11-09', 'red'),
  ('web', '2026-11-09', NULL, 'blue'),
  ('app', '2020-01-01', NULL, 'red'),
  (NULL, '2020-01-01', NULL, 'ghost');

-- Users, a row a day of November: key (user_id, ds). No rows on the 18th; 103 has none at all.
CREATE TABLE dim_user (user_id bigint, ds date, full_name text, age bigint, country_code text);

INSERT INTO dim_user
SELECT u, d::date, 'user ' || u, u - 70 + (d >= timestamp '2026-11-10')::int,
  CASE u WHEN 100 THEN CASE WHEN d < timestamp '2026-11-10' THEN 'JP' ELSE 'US' END WHEN 101 THEN 'JP' ELSE 'XX' END
FROM generate_series(timestamp '2026-11-01', timestamp '2026-11-20', interval '1 day') AS d, generate_series(100, 102) AS u
WHERE d <> timestamp '2026-11-18';

CREATE TABLE dim_country (code text, country_name text, continent_code text);

INSERT INTO dim_country VALUES ('JP', 'Japan', 'as'), ('US', 'United States', 'am'), ('DE', 'Germany', 'eu'), (NULL, 'Nowhere', 'as');

CREATE TABLE dim_continent (code text, continent_name text);

INSERT INTO dim_continent VALUES ('as', 'Asia'), ('am', 'America');

-- Shops and their cities, partitioned by ds on both hops; 3 has no row.
CREATE TABLE dim_shop (shop_id bigint, ds date, shop_tier text, city_code text);

INSERT INTO dim_shop
SELECT s, d::date, CASE WHEN s = 1 AND d < timestamp '2026-11-10' THEN 'A' ELSE 'B' END, CASE s WHEN 1 THEN 'osa' ELSE 'nyc' END
FROM generate_series(timestamp '2026-11-01', timestamp '2026-11-20', interval '1 day') AS d, generate_series(1, 2) AS s;

CREATE TABLE dim_city (city_code text, ds date, city_name text);

INSERT INTO dim_city
SELECT 'osa', d::date, CASE WHEN d < timestamp '2026-11-15' THEN 'Osaka' ELSE 'Osaka Bay' END
FROM generate_series(timestamp '2026-11-01', timestamp '2026-11-20', interval '1 day') AS d;

-- Sessions: business days in UTC; durations are doubles.
CREATE TABLE sessions (session_id bigint, started_at timestamptz, visitor text, channel text, device text, duration double precision, pages bigint);

INSERT INTO sessions
SELECT n, timestamptz '2026-11-01 00:30+00' + n * interval '11 hours', 'u' || n % 6,
  (ARRAY['web', 'app', NULL])[n % 3 + 1], (ARRAY['phone', 'desk', 'phone', 'tablet'])[n % 4 + 1],
  CASE WHEN n % 7 <> 3 THEN (n * 13 % 29) * 1.1 END, n * 5 % 8
FROM generate_series(0, 40) AS n;

INSERT INTO sessions VALUES
  (101, '2026-11-06 15:59:59.999+00', 'u9', 'web', 'watch', 2.5, 3),
  (102, '2026-11-06 16:00:00.000+00', 'u8', 'app', 'desk', 2.5, 3),
  (103, '2026-11-06 23:59:59.999+00', 'u8', 'app', 'desk', 2.5, 4),
  (104, '2026-11-07 00:00:00.000+00', NULL, 'app', 'phone', 0.1, 4),
  (105, '2026-11-07 00:00:00.001+00', 'u8', 'app', 'phone', 0.2, NULL),
  (106, '2026-11-15 12:00+00', 'u1', NULL, 'tv', NULL, 2),
  (107, '2026-11-16 12:00+00', 'u1', 'web', 'Watch', 3.5, 1),
  (108, '2026-11-16 13:00+00', 'u2', 'web', 'écran', 4.5, 1);

CREATE TABLE session_day AS
  SELECT (started_at AT TIME ZONE 'UTC')::date AS day, channel, device, count(*) AS sessions, sum(duration) AS duration
  FROM sessions GROUP BY 1, 2, 3;

-- Visits and buys: business days in UTC.
CREATE TABLE visits (visit_id bigint, visited_at timestamptz, visitor text, product text, channel text);

INSERT INTO visits VALUES
  (1, '2026-11-02 10:00+00', 'u1', 'p1', 'web'),
  (2, '2026-11-04 10:00+00', 'u1', 'p1', 'app'),
  (3, '2026-11-03 00:00:00.000+00', 'u2', 'p1', 'web'),
  (4, '2026-11-03 00:00:00.000+00', 'u3', 'p1', 'web'),
  (5, '2026-11-06 12:00+00', 'u4', 'p2', 'app'),
  (6, '2026-11-08 10:00+00', 'u5', 'p1', 'web'),
  (7, '2026-11-09 08:00+00', 'u6', 'p2', 'web'),
  (8, '2026-11-10 10:00+00', 'u7', 'p1', 'web'),
  (9, '2026-11-11 10:00+00', 'u7', 'p2', 'app'),
  (10, '2026-11-10 11:00+00', NULL, 'p1', 'web'),
  (11, '2026-11-11 11:00+00', 'u9', NULL, 'web'),
  (12, '2026-09-01 10:00+00', 'u11', 'p3', 'web'),
  (13, '2026-11-13 10:00+00', 'u12', 'p1', NULL),
  (14, '2026-11-17 10:00+00', 'u13', 'p1', 'app'),
  (15, '2026-11-18 10:00+00', 'u14', 'p2', 'web'),
  (16, '2026-11-19 10:00+00', 'u14', 'p2', 'app'),
  (17, '2026-11-20 01:00+00', 'u15', 'p2', 'app'),
  (18, '2026-11-12 09:00+00', 'u16', 'p1', 'web'),
  (19, '2026-11-14 09:00+00', 'u17', 'p2', 'store'),
  (20, '2026-10-28 10:00+00', 'u18', 'p1', 'web'),
  -- A week before, between the last visit that is there of today and now.
  (21, '2026-11-13 01:30+00', 'u20', 'p3', 'store'),
  -- One day of a window reads differently by days and by the clock: apart from all others, in 2025.
  (31, '2025-06-02 10:00+00', 'u31', 'p1', 'web'),
  (32, '2025-06-12 15:00+00', 'u32', 'p1', 'web');

CREATE TABLE buys (buy_id bigint, bought_at timestamptz, visitor text, product text, price numeric(12,2));

INSERT INTO buys VALUES
  (1, '2026-11-05 09:00+00', 'u1', 'p1', 10.50),
  (2, '2026-11-09 23:59:59.999+00', 'u2', 'p1', 20.50),
  (3, '2026-11-10 00:00:00.000+00', 'u3', 'p1', 30.50),
  (4, '2026-11-06 12:00+00', 'u4', 'p2', 40.50),
  (5, '2026-11-07 10:00+00', 'u5', 'p1', 50.50),
  (6, '2026-11-09 09:00+00', 'u6', 'p2', 60.50),
  (7, '2026-11-10 09:00+00', 'u6', 'p1', 70.50),
  (8, '2026-11-12 10:00+00', 'u7', 'p1', 80.50),
  (9, '2026-11-10 12:00+00', NULL, 'p1', 90.50),
  (10, '2026-11-11 12:00+00', 'u9', NULL, 100.50),
  (11, '2026-11-15 10:00+00', 'u11', 'p3', 110.50),
  (12, '2026-11-13 12:00+00', 'u12', 'p1', 120.50),
  (13, '2026-11-19 10:00+00', 'u13', 'p1', 130.50),
  (14, '2026-11-19 12:00+00', 'u14', 'p2', 140.50),
  (15, '2026-11-20 02:00+00', 'u15', 'p2', 150.50),
  (16, '2026-11-01 12:00+00', 'u18', 'p1', 160.50),
  (31, '2025-06-09 09:00+00', 'u31', 'p1', 1.00),
  (32, '2025-06-12 09:00+00', 'u32', 'p1', 2.00);

-- Stock counts: business days in Shanghai, twice a day; warehouses end on different days.
CREATE TABLE stock (stock_id bigint, counted_at timestamptz, warehouse text, product text, quantity bigint);

INSERT INTO stock
SELECT 100 * (d::date - date '2026-10-01') + 10 * w + k, (d + (k * 9) * interval '1 hour') AT TIME ZONE 'Asia/Shanghai',
  'w' || w, 'p' || k, 7 * (d::date - date '2026-10-01') + 13 * w + 5 * k
FROM generate_series(timestamp '2026-10-27', timestamp '2026-11-19', interval '1 day') AS d, generate_series(1, 2) AS w, generate_series(1, 2) AS k
WHERE (w = 1 OR d <= timestamp '2026-11-15') AND extract(day FROM d)::int % 3 <> 1;

INSERT INTO stock VALUES
  (9001, '2026-11-06 23:59:59.999+08', 'w3', 'p1', 300),
  (9002, '2026-11-07 00:00:00.000+08', 'w3', 'p1', 310),
  (9003, '2026-11-07 00:00:00.000+08', 'w3', 'p2', NULL),
  (9004, '2026-11-12 08:00+08', NULL, 'p1', 50),
  (9005, '2026-11-12 20:00+08', NULL, 'p1', 55),
  (9006, '2026-11-03 06:00+08', NULL, 'p2', 60),
  (9007, '2026-11-20 09:00+08', 'w1', NULL, 1);

CREATE TABLE dim_warehouse (warehouse text, side text);

INSERT INTO dim_warehouse VALUES ('w1', 'east'), ('w2', 'west'), ('w9', 'north');

-- Costs: sums by day and channel, no events; days are dates. Streams are finer than days: theirs is by the hour `at`.
CREATE TABLE costs (day date, at timestamptz, channel text, cost numeric(12,2), clicks bigint, top_bid numeric(12,2));

INSERT INTO costs
SELECT d::date, (d + interval '9 hours') AT TIME ZONE 'Asia/Shanghai', (ARRAY['web', 'app', NULL])[c], 10 * c + extract(day FROM d)::int + 0.25, CASE WHEN c <> 2 OR extract(day FROM d)::int % 5 <> 0 THEN c * 3 + extract(day FROM d)::int % 4 ELSE 0 END, c + extract(day FROM d)::int / 100.0
FROM generate_series(timestamp '2026-10-25', timestamp '2026-11-20', interval '1 day') AS d, generate_series(1, 3) AS c
WHERE (extract(day FROM d)::int + c) % 2 = 0;

-- Calls: published in every set-up, with a day that is missing (the 9th) and two that are provisional (the 19th, 20th).
CREATE TABLE calls (call_id bigint, called_at timestamptz, agent text, minutes bigint);

INSERT INTO calls
SELECT 10 * (d::date - date '2026-10-28') + k, (d + (6 + 3 * k) * interval '1 hour') AT TIME ZONE 'Asia/Shanghai',
  CASE WHEN (d::date - date '2026-10-28' + k) % 4 <> 0 THEN 'a' || (d::date - date '2026-10-28' + k) % 4 END,
  (d::date - date '2026-10-28') * 3 + k
FROM generate_series(timestamp '2026-10-28', timestamp '2026-11-20', interval '1 day') AS d, generate_series(1, 2) AS k
WHERE d NOT IN (timestamp '2026-11-09', timestamp '2026-11-13') AND NOT (k = 2 AND (extract(day FROM d)::int % 2 = 0));

-- A fiscal calendar of whole weeks; the third period is short, so that days of the fourth are clamped in it.
CREATE TABLE fiscal_calendar (d date, period text);

INSERT INTO fiscal_calendar
SELECT d::date, CASE
  WHEN d < timestamp '2026-10-05' THEN 'FY26-P09' WHEN d < timestamp '2026-11-02' THEN 'FY26-P10'
  WHEN d < timestamp '2026-11-09' THEN 'FY26-P11' ELSE 'FY26-P12' END
FROM generate_series(timestamp '2026-09-07', timestamp '2026-12-06', interval '1 day') AS d;

CREATE VIEW o AS
  SELECT *, (ordered_at AT TIME ZONE 'Asia/Shanghai')::date AS day, ordered_at AT TIME ZONE 'Asia/Shanghai' AS wall,
    (paid_at AT TIME ZONE 'Asia/Shanghai')::date AS paid_day
  FROM orders;
CREATE VIEW s AS SELECT *, (started_at AT TIME ZONE 'UTC')::date AS day FROM sessions;
CREATE VIEW v AS SELECT *, (visited_at AT TIME ZONE 'UTC')::date AS day FROM visits;
CREATE VIEW b AS SELECT *, (bought_at AT TIME ZONE 'UTC')::date AS day FROM buys;
CREATE VIEW st AS SELECT *, (counted_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM stock;
CREATE VIEW k AS SELECT *, (called_at AT TIME ZONE 'Asia/Shanghai')::date AS day FROM calls;
CREATE VIEW days AS SELECT d::date AS d FROM generate_series(timestamp '2023-12-25', timestamp '2026-11-20', interval '1 day') AS d;
