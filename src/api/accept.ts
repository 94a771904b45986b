import { Fault } from '../base/faults.ts'

/** Refuses a request that would not take JSON back. Faults: NOT_ACCEPTABLE. */
export function requireJsonAccepted(accept: string | undefined): void {
  if (accept === undefined || accept.trim() === '') return
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return { type, refused: parameters.some((parameter) => /^q=0(\.0{1,3})?$/.test(parameter)) }
  })
  const taken = ['application/json', 'application/*', '*/*', 'application/problem+json']
  if (ranges.some(({ type, refused }) => !refused && taken.includes(type))) return
  throw new Fault('NOT_ACCEPTABLE', 'Answers come as application/json; accept that.')
}
