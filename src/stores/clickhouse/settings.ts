import { quoteText } from './text.ts'

/** What every statement runs under, whatever the server's own defaults are: exact numbers are text, times are UTC. */
export const QUERY_SETTINGS = {
  output_format_json_quote_64bit_integers: 1,
  output_format_json_quote_decimals: 1,
  session_timezone: 'UTC',
  // Ten thousand values in a filter are more than the 256 KiB that the default reads.
  max_query_size: '8388608',
} as const

/** ISO instants are read as well, and one load may span any number of partitions (the server's default is 100). */
export const LOAD_SETTINGS = {
  date_time_input_format: 'best_effort',
  max_partitions_per_insert_block: '0',
} as const

/** Milliseconds as max_execution_time takes them: seconds, with a fraction; 0 is no limit. */
export function executionSeconds(milliseconds: number | undefined): number {
  return milliseconds === undefined ? 0 : milliseconds / 1000
}

/** The settings as SQL, for SET and for a SETTINGS clause. */
export function settingList(settings: Readonly<Record<string, string | number>>): string {
  const list = Object.entries(settings).map(
    ([name, value]) => `${name} = ${typeof value === 'number' ? value : quoteText(value)}`,
  )
  return list.join(', ')
}
