-- What was staged is held against the columns it had then, and versions that readers have seen stay as they were.
alter table publication
  drop column schema_hash,
  -- [[name, type], ...] of the table when the version was staged.
  add column columns jsonb;

drop function stage_days(jsonb);

-- Records versions as staged. One that is staged already is recorded anew, as its rows may be other ones now; one that
-- was ever shown stays as it is, as readers and receipts hold on to it; where its rows are other ones now it is given
-- back.
create function stage_days(staged jsonb) returns jsonb language sql set search_path = oneservice as $$
  with wanted as (
    select source, day, version, "rowCount", checksum, columns, "sourceHash", "runId"
    from jsonb_to_recordset(staged) as d(
      source text, day date, version bigint, "rowCount" bigint, checksum text, columns jsonb, "sourceHash" text, "runId" text)),
  recorded as (
    insert into publication (source, biz_date, version, state, row_count, checksum, columns, source_hash, run_id)
    select source, day, version, 'staged', "rowCount", checksum, columns, "sourceHash", "runId" from wanted
    on conflict (source, biz_date, version) do update
    set row_count = excluded.row_count, checksum = excluded.checksum, columns = excluded.columns,
        source_hash = excluded.source_hash, run_id = coalesce(excluded.run_id, publication.run_id), staged_at = excluded.staged_at
    where publication.state = 'staged' and publication.changed = 0
    returning source, biz_date, version)
  select coalesce(jsonb_agg(jsonb_build_object('source', w.source, 'day', w.day, 'version', w.version)), '[]')
  from wanted w join publication p on p.source = w.source and p.biz_date = w.day and p.version = w.version
  where p.checksum is distinct from w.checksum
    and not exists (select 1 from recorded r where r.source = w.source and r.biz_date = w.day and r.version = w.version)
$$;

-- The version of a day that is taken when none is named: the newest staged one, if it is newer than what is out. One
-- that was withdrawn is taken again only while nothing is out, and the empty one never.
create function next_version(of_source text, of_day date) returns bigint language sql stable set search_path = oneservice as $$
  select s.version
  from publication s
  left join publication l on l.source = s.source and l.biz_date = s.biz_date and l.state = 'published'
  where s.source = of_source and s.biz_date = of_day and s.state = 'staged' and s.version > 0
    and s.version > coalesce(l.version, 0) and (s.changed = 0 or l.version is null)
  order by s.version desc limit 1
$$;

-- What a publisher must know of days before it publishes them: the version that would be taken, the one that is out, and
-- what the same run has done before. `wanted` is [{"source","day","version"?}].
create or replace function look_at_days(wanted jsonb, run text) returns jsonb language sql stable set search_path = oneservice as $$
  select jsonb_build_object('epoch', (select epoch from epoch), 'days', coalesce(jsonb_agg(jsonb_build_object(
    'source', w.source, 'day', w.day, 'version', p.version, 'state', p.state, 'dropping', p.dropping_at is not null,
    'rowCount', p.row_count, 'checksum', p.checksum, 'columns', p.columns, 'sourceHash', p.source_hash, 'shown', p.changed > 0,
    'live', l.version, 'liveChecksum', l.checksum, 'newest', (select max(version) from publication a where a.source = w.source and a.biz_date = w.day),
    'done', d.version) order by w.at), '[]'))
  from (select source, day, version, row_number() over () as at
        from jsonb_to_recordset(wanted) as r(source text, day date, version bigint)) as w
  left join publication l on l.source = w.source and l.biz_date = w.day and l.state = 'published'
  left join lateral (
    select c.version from publication_change c
    where run is not null and c.run_id = run and c.source = w.source and c.biz_date = w.day and c.version is not null
    order by c.epoch desc limit 1) as d on true
  left join publication p on p.source = w.source and p.biz_date = w.day and p.version = coalesce(w.version, d.version, next_version(w.source, w.day))
$$;

-- Changes what readers see: each day shows the named version, or none. All days in one transaction, or none of them:
-- `changes` is [{"source","day","version"|null,"live"|null,"checksum"|null}], and where a day shows something else than
-- the `live` that the publisher has looked at, or the version is not the one that was audited, another one was faster and
-- those days are returned as `lost`. Restatements were computed
-- at the epoch `seen`; when one of the `watched` sources has changed since, `moved` is returned and they must be again.
create or replace function land_days(changes jsonb, run text, hash text, seen bigint, watched jsonb, restated jsonb, drifted jsonb)
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
  select c.source, c.day, c.version, c.live, c.checksum, p.version as out, n.state, n.dropping_at, n.checksum as audited
  from jsonb_to_recordset(changes) as c(source text, day date, version bigint, live bigint, checksum text)
  left join publication p on p.source = c.source and p.biz_date = c.day and p.state = 'published'
  left join publication n on n.source = c.source and n.biz_date = c.day and n.version = c.version;

  select jsonb_agg(jsonb_build_object('source', source, 'day', day, 'live', out)) into lost
  from landing
  where out is distinct from live or (version is not null
      and (state is null or dropping_at is not null or (checksum is not null and checksum is distinct from audited)));
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
