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
