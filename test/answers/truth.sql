-- The rows that count, as plain PostgreSQL tables, out of copies of the physical tables. Written by hand: a day that is
-- published is its offline rows of the published version, any other day its real-time rows. What happened to the
-- publications says test/support/sampleWorld.ts.
-- day is the business day in Shanghai, at the instant.

CREATE TABLE ad_fact AS
  SELECT day, occurred_at AS at, kind, viewer_id, advertiser_id, campaign_id, channel, product_id, region_code, cost
  FROM dwd_ad_event
  WHERE pv = 1 AND day <= '2026-11-18' AND day <> '2026-11-15'
  UNION ALL
  SELECT d.day, occurred_at, kind, viewer_id, advertiser_id, campaign_id, channel, product_id, region_code, cost
  FROM ad_event CROSS JOIN LATERAL (SELECT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS d
  WHERE d.day IN ('2026-11-15', '2026-11-19', '2026-11-20');

CREATE TABLE order_fact AS
  SELECT day, occurred_at AS at, order_id, buyer_id, advertiser_id, campaign_id, channel, product_id, region_code,
    attribution, buyer_type, amount
  FROM dwd_order
  WHERE day <= '2026-11-18' AND pv = CASE WHEN day = '2026-11-10' THEN 2 ELSE 1 END
  UNION ALL
  SELECT d.day, occurred_at, order_id, buyer_id, advertiser_id, campaign_id, channel, product_id, region_code,
    attribution, buyer_type, amount
  FROM order_event CROSS JOIN LATERAL (SELECT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS d
  WHERE d.day IN ('2026-11-19', '2026-11-20');

-- Nothing counts on the 3rd of November: that day is missing, and a check says null where it is read.
CREATE TABLE consultation_fact AS
  SELECT day, occurred_at AS at, consultation_id, buyer_id, advertiser_id, campaign_id, channel, product_id,
    region_code, attribution
  FROM dwd_consultation
  WHERE pv = 1 AND day <= '2026-11-18' AND day <> '2026-11-03'
  UNION ALL
  SELECT d.day, occurred_at, consultation_id, buyer_id, advertiser_id, campaign_id, channel, product_id,
    region_code, attribution
  FROM consultation_event CROSS JOIN LATERAL (SELECT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS d
  WHERE d.day IN ('2026-11-19', '2026-11-20');

CREATE TABLE payment_fact AS
  SELECT day, occurred_at AS at, payment_id, buyer_id, advertiser_id, campaign_id, channel, product_id, region_code,
    attribution, buyer_type, amount
  FROM dwd_payment
  WHERE pv = 1 AND day <= '2026-11-18'
  UNION ALL
  SELECT d.day, occurred_at, payment_id, buyer_id, advertiser_id, campaign_id, channel, product_id, region_code,
    attribution, buyer_type, amount
  FROM payment_event CROSS JOIN LATERAL (SELECT (occurred_at AT TIME ZONE 'Asia/Shanghai')::date AS day) AS d
  WHERE d.day IN ('2026-11-19', '2026-11-20');

ANALYZE;
