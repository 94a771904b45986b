/**
 * What every endpoint answers to every caller. `open` shows no credential where the gateway listens on loopback, `away`
 * none where it listens elsewhere; `wrong` was never given out; `first` is ONESERVICE_ADMIN_KEY. Then keys by role, and
 * tokens by role.
 */
export const STATUSES = `
                                           no credential  not in force           keys by role                  | tokens by role
                                           open away      wrong revoked expired  tenant service analyst admin  first  .tenant .service .analyst .admin

POST   /v1/query                           200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/query                           200  401       401   401     401      200    200     200     200    200    200     200      200      200
POST   /v1/explain                         200  401       401   401     401      200    200     200     200    200    200     200      200      200
POST   /v1/replay                          400  401       401   401     401      400    400     400     400    400    400     400      400      400
GET    /v1/metrics                         200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/metrics/{name}                  200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/metrics/{unknown}               404  401       401   401     401      404    404     404     404    404    404     404      404      404
GET    /v1/dimensions                      200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/dimensions/{name}               200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/dimensions/{name}/values        200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/processes                       200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/processes/{name}                200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /v1/publications                    200  401       401   401     401      200    200     200     200    200    200     200      200      200
POST   /graphql                            200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /graphql                            200  401       401   401     401      200    200     200     200    200    200     200      200      200

POST   /v1/publications                    401  401       401   401     401      403    403     403     200    200    403     403      403      200
POST   /v1/publications/stage              401  401       401   401     401      403    403     403     200    200    403     403      403      200
POST   /v1/publications/drop               401  401       401   401     401      403    403     403     200    200    403     403      403      200
DELETE /v1/publications/{source}/{day}     401  401       401   401     401      403    403     403     200    200    403     403      403      200
POST   /v1/keys                            401  401       401   401     401      403    403     403     200    200    403     403      403      200
GET    /v1/keys                            401  401       401   401     401      403    403     403     200    200    403     403      403      200
DELETE /v1/keys/{id}                       401  401       401   401     401      403    403     403     200    200    403     403      403      200
DELETE /v1/keys/{unknown}                  401  401       401   401     401      403    403     403     404    404    403     403      403      404
DELETE /v1/keys/{token}                    401  401       401   401     401      403    403     403     200    200    403     403      403      200

GET    /v1/restatements                    200  401       401   401     401      403    200     200     200    200    403     200      200      200
GET    /v1/retention                       200  401       401   401     401      403    200     200     200    200    403     200      200      200
GET    /metrics                            200  401       401   401     401      403    200     200     200    200    403     200      200      200
GET    /healthz                            200  200       200   200     200      200    200     200     200    200    200     200      200      200
GET    /readyz                             200  200       200   200     200      200    200     200     200    200    200     200      200      200
GET    /openapi.json                       200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /docs                               200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /docs/json                          200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /docs/yaml                          200  401       401   401     401      200    200     200     200    200    200     200      200      200
GET    /nothing                            404  404       404   404     404      404    404     404     404    404    404     404      404      404
`

/** One endpoint: what each caller, by the name of its column, is answered. */
export interface Row {
  readonly endpoint: string
  readonly statuses: Readonly<Record<string, number>>
}

const words = (line: string): string[] => line.split(/\s+/).filter((word) => word !== '')
const lines = STATUSES.split('\n').filter((line) => line.trim() !== '')

/** The names of the columns. */
export const CALLERS: readonly string[] = words(lines[1] ?? '')

/** The table, row by row. */
export const ROWS: readonly Row[] = lines.slice(2).map((line) => {
  const [method, path, ...cells] = words(line)
  if (cells.length !== CALLERS.length) throw new Error(`a row has ${CALLERS.length} cells: ${line}`)
  const statuses = Object.fromEntries(CALLERS.map((caller, i) => [caller, Number(cells[i])]))
  return { endpoint: `${method} ${path}`, statuses }
})
