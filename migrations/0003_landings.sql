-- What landed when: the audit of staged versions, a log of everything that readers were shown, what it changed and how
-- far real time was off.
alter table publication
  -- Version 0 is the day without rows.
  drop constraint publication_version_check,
  add check (version >= 0),
  -- Of the table's columns, and of what the catalog says of the source, when the version was staged.
  add column schema_hash   text,
  add column source_hash   text,
  add column superseded_at timestamptz,
  -- From here on the rows may be going, and the version is never published again.
  add column dropping_at   timestamptz,
  add column dropped_at    timestamptz,
  -- The epoch that changed the row last; 0 when no reader ever saw it.
  add column changed       bigint not null default 0;

update publication set superseded_at = clock_timestamp() where state = 'superseded';
update publication set changed = (select epoch from epoch) where state <> 'staged';
create index publication_changed on publication (changed);
create index publication_superseded on publication (superseded_at) where state = 'superseded' and dropped_at is null;

-- Receipts of earlier epochs can't be replayed: what was out then was not written down.
alter table epoch add column logged_from bigint not null default 0;
update epoch set logged_from = epoch;

-- Each change of what readers see. `version` is null for a day that was withdrawn.
create table publication_change (
  epoch      bigint      not null,
  source     text        not null,
  biz_date   date        not null,
  version    bigint,
  previous   bigint,
  run_id     text,
  changed_at timestamptz not null default clock_timestamp(),
  primary key (epoch, source, biz_date)
);
create index publication_change_day on publication_change (source, biz_date, epoch desc);
create index publication_change_run on publication_change (run_id, source, biz_date) where run_id is not null;
insert into publication_change (epoch, source, biz_date, version, run_id, changed_at)
select (select epoch from epoch), source, biz_date, version, run_id, coalesce(published_at, clock_timestamp())
from publication where state = 'published';

-- What a change did to the value of each metric on each day. Values are exact texts; null is no value.
create table restatement (
  epoch        bigint      not null,
  ordinal      integer     not null,
  metric       text        not null,
  biz_date     date        not null,
  old_value    text,
  new_value    text,
  old_finality text        not null,
  new_finality text        not null,
  -- The code of why a side could not be computed.
  fault        text,
  changed_at   timestamptz not null,
  primary key (epoch, ordinal)
);
create index restatement_at on restatement (changed_at);

-- Both stores compared when a day landed. Without a value it is the day's total.
create table drift (
  epoch     bigint      not null,
  ordinal   integer     not null,
  metric    text        not null,
  biz_date  date        not null,
  dimension text,
  value     text,
  realtime  text        not null,
  offline   text        not null,
  landed_at timestamptz not null,
  primary key (epoch, ordinal)
);
create index drift_metric on drift (metric, biz_date desc, epoch desc);

drop function publish_days(jsonb, text, text);
drop function withdraw_day(text, date);

-- Records versions as staged. One that is staged already is recorded anew, as its rows may be other ones now; one that
-- was ever shown stays as it is.
create function stage_days(staged jsonb) returns void language sql set search_path = oneservice as $$
  insert into publication (source, biz_date, version, state, row_count, checksum, schema_hash, source_hash, run_id)
  select source, day, version, 'staged', "rowCount", checksum, "schemaHash", "sourceHash", "runId"
  from jsonb_to_recordset(staged) as d(
    source text, day date, version bigint, "rowCount" bigint, checksum text, "schemaHash" text, "sourceHash" text, "runId" text)
  on conflict (source, biz_date, version) do update
  set row_count = excluded.row_count, checksum = excluded.checksum, schema_hash = excluded.schema_hash,
      source_hash = excluded.source_hash, run_id = coalesce(excluded.run_id, publication.run_id), staged_at = excluded.staged_at
  where publication.state = 'staged' and publication.changed = 0
$$;

-- What a publisher must know of days before it publishes them: the version that would be taken, the one that is out, and
-- what the same run has done before. `wanted` is [{"source","day","version"?}].
create function look_at_days(wanted jsonb, run text) returns jsonb language sql stable set search_path = oneservice as $$
  select jsonb_build_object('epoch', (select epoch from epoch), 'days', coalesce(jsonb_agg(jsonb_build_object(
    'source', w.source, 'day', w.day, 'version', p.version, 'state', p.state, 'dropping', p.dropping_at is not null,
    'rowCount', p.row_count, 'checksum', p.checksum, 'schemaHash', p.schema_hash, 'sourceHash', p.source_hash,
    'live', l.version, 'liveChecksum', l.checksum, 'newest', (select max(version) from publication a where a.source = w.source and a.biz_date = w.day),
    'done', d.version) order by w.at), '[]'))
  from (select source, day, version, row_number() over () as at
        from jsonb_to_recordset(wanted) as r(source text, day date, version bigint)) as w
  left join publication l on l.source = w.source and l.biz_date = w.day and l.state = 'published'
  left join lateral (
    select c.version from publication_change c
    where run is not null and c.run_id = run and c.source = w.source and c.biz_date = w.day and c.version is not null
    order by c.epoch desc limit 1) as d on true
  left join publication p on p.source = w.source and p.biz_date = w.day and p.version = coalesce(w.version, d.version, (
    select s.version from publication s
    where s.source = w.source and s.biz_date = w.day and s.state = 'staged'
    order by s.version desc limit 1))
$$;

-- Changes what readers see: each day shows the named version, or none. All days in one transaction, or none of them:
-- `changes` is [{"source","day","version"|null,"live"|null}], and where a day shows something else than the `live` that
-- the publisher has looked at, another one was faster and those days are returned as `lost`. Restatements were computed
-- at the epoch `seen`; when one of the `watched` sources has changed since, `moved` is returned and they must be again.
create function land_days(changes jsonb, run text, hash text, seen bigint, watched jsonb, restated jsonb, drifted jsonb)
returns jsonb language plpgsql set search_path = oneservice as $$
declare
  reached bigint;
  lost    jsonb;
  at      timestamptz;
begin
  -- One publisher at a time: the row lock of the epoch orders them.
  select e.epoch into reached from epoch e for update;
  at := clock_timestamp();

  create temporary table landing on commit drop as
  select c.source, c.day, c.version, c.live, p.version as out, n.state, n.dropping_at
  from jsonb_to_recordset(changes) as c(source text, day date, version bigint, live bigint)
  left join publication p on p.source = c.source and p.biz_date = c.day and p.state = 'published'
  left join publication n on n.source = c.source and n.biz_date = c.day and n.version = c.version;

  select jsonb_agg(jsonb_build_object('source', source, 'day', day, 'live', out)) into lost
  from landing
  where out is distinct from live or (version is not null and (state is null or dropping_at is not null));
  if lost is not null then
    drop table landing;
    return jsonb_build_object('lost', lost, 'epoch', reached);
  end if;
  if exists (select 1 from publication_change c
             where c.epoch > seen and c.source in (select jsonb_array_elements_text(watched))) then
    drop table landing;
    return jsonb_build_object('moved', true, 'epoch', reached);
  end if;

  delete from landing where version is not distinct from out;
  if not exists (select 1 from landing) then
    drop table landing;
    return jsonb_build_object('epoch', reached);
  end if;
  update epoch e set epoch = e.epoch + 1 returning e.epoch into reached;

  -- The old version goes first: one published version a day.
  update publication p
  set state = case when c.version is null then 'staged' else 'superseded' end, changed = reached,
      superseded_at = case when c.version is null then null else at end, published_at = case when c.version is null then null else p.published_at end
  from landing c where p.source = c.source and p.biz_date = c.day and p.state = 'published';

  update publication p
  set state = 'published', published_at = at, superseded_at = null, changed = reached,
      run_id = coalesce(run, p.run_id), def_hash = hash
  from landing c where p.source = c.source and p.biz_date = c.day and p.version = c.version;

  insert into publication_change (epoch, source, biz_date, version, previous, run_id, changed_at)
  select reached, source, day, version, out, run, at from landing;

  insert into restatement (epoch, ordinal, metric, biz_date, old_value, new_value, old_finality, new_finality, fault, changed_at)
  select reached, row_number() over (), metric, day, old, new, "oldFinality", "newFinality", fault, at
  from jsonb_to_recordset(restated) as r(metric text, day date, old text, new text, "oldFinality" text, "newFinality" text, fault text);

  insert into drift (epoch, ordinal, metric, biz_date, dimension, value, realtime, offline, landed_at)
  select reached, row_number() over (), metric, day, dimension, value, realtime, offline, at
  from jsonb_to_recordset(drifted) as r(metric text, day date, dimension text, value text, realtime text, offline text);

  perform pg_notify('oneservice_epoch', reached::text);
  drop table landing;
  return jsonb_build_object('epoch', reached);
end $$;

-- Takes superseded versions out of use for good, so that their rows may go. Gives those to be removed now, with what an
-- earlier run began and did not end. `wanted` is [{"source","age"}]: superseded so many milliseconds ago at least.
create function begin_drops(wanted jsonb) returns jsonb language plpgsql set search_path = oneservice as $$
declare
  going jsonb;
begin
  -- No publisher may choose a version while it is taken away.
  perform 1 from epoch for update;
  update publication p set dropping_at = clock_timestamp()
  from jsonb_to_recordset(wanted) as w(source text, age bigint)
  where p.source = w.source and p.state = 'superseded' and p.dropping_at is null
    and p.superseded_at <= clock_timestamp() - w.age * interval '1 millisecond'
    -- The empty version has no rows to take away, and is the same of every day.
    and p.version > 0;
  select coalesce(jsonb_agg(jsonb_build_object('source', p.source, 'day', p.biz_date, 'version', p.version) order by p.source, p.biz_date, p.version), '[]')
  into going from publication p
  where p.dropping_at is not null and p.dropped_at is null
    and p.source in (select w.source from jsonb_to_recordset(wanted) as w(source text));
  return going;
end $$;
