import type { Composition } from '../../src/compose.ts'

/** The clock of the gateways stands still here: a Friday morning in Shanghai. */
export const NOW = '2026-11-20T10:31:07+08:00'
/** The days that batch sources hold. */
export const DAYS = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19'] as const

const TABLES = `
create table dim_cinema (cinema_id bigint, name text, city text);
create table dim_film (film_id text, title text);
create table ticket_event (at timestamptz, cinema_id bigint, film_id text, daypart text, member boolean, takings numeric(18,2));
create table dws_ticket_day (day date, pv bigint, cinema_id bigint, film_id text, daypart text, member boolean, tickets bigint, takings numeric(18,2));
create table ads_film_day (day date, pv bigint, film_id text, tickets bigint, screenings bigint);
create table snack_sale (at timestamptz, cinema_id bigint, supplier text);
create table payslip (at timestamptz, paygrade text, wages numeric(18,2));
insert into dim_cinema values (1, 'Astra', 'Wuhan'), (2, 'Biograf', 'Wuhan'), (4, 'Odeon', 'Harbin');
insert into dim_film values ('dune', 'Dune'), ('solaris', 'Solaris'), ('nova', 'Nova Express');
`

/** Each cinema sells as many tickets a day as its number says, so a sum of a day tells whose tickets are in it. */
const TICKETS = `
insert into ticket_event
select at + n * interval '3 hours', cinema, case when n = 0 then film else second end,
  case when n = 0 then 'evening' else 'matinee' end, n = 0, 10
from generate_series(timestamptz '2026-11-16 09:00+08', '2026-11-20 09:00+08', '1 day') at,
  (values (1, 'dune', 'dune'), (2, 'dune', 'solaris'), (4, 'solaris', 'nova')) c (cinema, film, second),
  generate_series(0, 3) n
where n < cinema;
insert into dws_ticket_day
select (at at time zone 'Asia/Shanghai')::date, 1, cinema_id, film_id, daypart, member, count(*), sum(takings)
from ticket_event where at < '2026-11-20 00:00+08' group by 1, 3, 4, 5, 6;
insert into ads_film_day
select day, 1, film_id, sum(tickets), 3 from dws_ticket_day group by 1, 3;
insert into snack_sale select at, cinema_id, 'maize' || cinema_id from ticket_event;
insert into payslip values ('2026-11-18 12:00+08', 'a', 3000), ('2026-11-18 12:00+08', 'b', 9000);
`

/** Makes the tables. The 16th to the 18th are published, the 19th is staged. */
export async function fill({ stores, publications }: Composition): Promise<void> {
  const store = stores.get('offline')
  if (store === undefined) throw new Error('the cinemas have an offline store')
  await store.execute(TABLES)
  await store.execute(TICKETS)
  const sources = ['ticket_day', 'house_record']
  await publications.stage(sources.flatMap((source) => DAYS.map((day) => ({ source, day, version: 1, empty: true }))))
  await publications.publish(sources.map((source) => ({ source, days: DAYS.slice(0, 3) })))
}
