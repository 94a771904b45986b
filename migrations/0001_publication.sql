-- Publications: which business day of which offline source is complete, and in which version.
create table publication (
  source       text        not null,
  biz_date     date        not null,
  version      bigint      not null check (version > 0),
  state        text        not null check (state in ('staged', 'published', 'superseded')),
  row_count    bigint,
  checksum     text,
  def_hash     text,
  run_id       text,
  staged_at    timestamptz not null default now(),
  published_at timestamptz,
  primary key (source, biz_date, version)
);

-- A day has one published version at most: readers see the old complete day or the new one.
create unique index publication_one_published on publication (source, biz_date) where state = 'published';

-- Goes up by one in every transaction that changes what readers see.
create table epoch (
  only_row boolean primary key default true check (only_row),
  epoch    bigint  not null
);
insert into epoch (epoch) values (0);

-- Publishes days in one transaction, all or none. `wanted` is [{"source","day","version"?}]; without a version the
-- newest staged one is taken, or the one that the same run has published before: a job may safely repeat itself. Days
-- for which there is nothing to publish are returned and then nothing is changed.
create function publish_days(wanted jsonb, run text, hash text) returns jsonb language plpgsql set search_path = oneservice as $$
declare
  lacking jsonb;
  done    jsonb;
  reached bigint;
begin
  -- One publisher at a time: the row lock of the epoch orders them.
  select e.epoch into reached from epoch e for update;

  create temporary table chosen on commit drop as
  select w.source, w.day, coalesce(w.version, (
           select p.version from publication p
           where p.source = w.source and p.biz_date = w.day and p.state = 'staged'
           order by p.version desc limit 1), (
           select p.version from publication p
           where p.source = w.source and p.biz_date = w.day and p.state = 'published' and p.run_id = run)) as version
  from jsonb_to_recordset(wanted) as w(source text, day date, version bigint);

  select jsonb_agg(jsonb_build_object('source', c.source, 'day', c.day, 'live', (
           select p.version from publication p
           where p.source = c.source and p.biz_date = c.day and p.state = 'published'))) into lacking
  from chosen c
  where not exists (select 1 from publication p
                    where p.source = c.source and p.biz_date = c.day and p.version = c.version);
  if lacking is not null then
    drop table chosen;
    return jsonb_build_object('lacking', lacking, 'epoch', reached);
  end if;

  update publication p set state = 'superseded' from chosen c
  where p.source = c.source and p.biz_date = c.day and p.state = 'published' and p.version <> c.version;

  with published as (
    update publication p set state = 'published', published_at = clock_timestamp(), run_id = coalesce(run, p.run_id), def_hash = hash
    from chosen c
    where p.source = c.source and p.biz_date = c.day and p.version = c.version and p.state <> 'published'
    returning p.source, p.biz_date, p.version)
  select jsonb_agg(jsonb_build_object('source', source, 'day', biz_date, 'version', version)) into done from published;

  if done is not null then
    update epoch e set epoch = e.epoch + 1 returning e.epoch into reached;
    perform pg_notify('oneservice_epoch', reached::text);
  end if;
  drop table chosen;
  return jsonb_build_object('published', coalesce(done, '[]'::jsonb), 'epoch', reached);
end $$;

-- Takes a published day back: readers see the real-time rows of it again. The version stays staged.
create function withdraw_day(of_source text, of_day date) returns jsonb language plpgsql set search_path = oneservice as $$
declare
  taken   bigint;
  reached bigint;
begin
  select e.epoch into reached from epoch e for update;
  update publication set state = 'staged', published_at = null
  where source = of_source and biz_date = of_day and state = 'published' returning version into taken;
  if taken is not null then
    update epoch e set epoch = e.epoch + 1 returning e.epoch into reached;
    perform pg_notify('oneservice_epoch', reached::text);
  end if;
  return jsonb_build_object('version', taken, 'epoch', reached);
end $$;
