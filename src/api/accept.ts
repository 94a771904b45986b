/** Whether a request takes JSON back. */
export function acceptsJson(accept: string | undefined): boolean {
  if (accept === undefined || accept.trim() === '' || accept === '*/*') return true
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    return { type, refused: parameters.some((parameter) => /^q=0(\.0{1,3})?$/.test(parameter)) }
  })
  const taken = ['application/json', 'application/*', '*/*', 'application/problem+json']
  return ranges.some(({ type, refused }) => !refused && taken.includes(type))
}
