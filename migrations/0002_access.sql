-- Who may ask: API keys, and tokens of an identity provider that are no longer taken.
create table api_key (
  id         text        primary key,
  name       text        not null,
  role       text        not null check (role in ('admin', 'analyst', 'service', 'tenant')),
  -- {"advertiser": ["42"]}: the caller sees rows of these values only.
  tenant     jsonb,
  contract   jsonb       not null default '{}',
  -- SHA-256 of the whole key, in hexadecimal digits; the key itself is nowhere.
  hash       text        not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  revoked_at timestamptz,
  change     bigint      not null,
  check (role <> 'tenant' or tenant is not null),
  check (role <> 'admin' or tenant is null)
);
create index api_key_newest on api_key (created_at desc, id);
create index api_key_change on api_key (change);

-- Tokens issued up to `revoked_at` are refused: one by its id (jti:...), or all of a subject (sub:...).
create table revoked_token (
  id         text        primary key,
  revoked_at timestamptz not null,
  change     bigint      not null
);
create index revoked_token_change on revoked_token (change);

-- Goes up in every transaction that changes who may ask; its row lock orders those transactions.
create table access_change (
  only_row boolean primary key default true check (only_row),
  change   bigint  not null
);
insert into access_change (change) values (0);

create function next_access_change() returns bigint language plpgsql set search_path = oneservice as $$
declare
  reached bigint;
begin
  update access_change a set change = a.change + 1 returning a.change into reached;
  perform pg_notify('oneservice_access', reached::text);
  return reached;
end $$;

create function create_key(of_id text, of_name text, of_role text, of_tenant jsonb, of_contract jsonb, of_hash text, until timestamptz)
returns void language plpgsql set search_path = oneservice as $$
begin
  insert into api_key (id, name, role, tenant, contract, hash, expires_at, change)
  values (of_id, of_name, of_role, of_tenant, of_contract, of_hash, until, next_access_change());
end $$;

-- True when there is such a key; one that is revoked already stays as it is.
create function revoke_key(of_id text) returns boolean language plpgsql set search_path = oneservice as $$
begin
  update api_key set revoked_at = clock_timestamp(), change = next_access_change() where id = of_id and revoked_at is null;
  return found or exists (select 1 from api_key where id = of_id);
end $$;

create function revoke_token(of_id text) returns void language plpgsql set search_path = oneservice as $$
begin
  insert into revoked_token (id, revoked_at, change) values (of_id, clock_timestamp(), next_access_change())
  on conflict (id) do update set revoked_at = excluded.revoked_at, change = excluded.change;
end $$;
