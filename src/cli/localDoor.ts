import { join } from 'node:path'
import { buildServer } from '../api/server.ts'
import { compose } from '../compose.ts'
import type { Config } from '../config.ts'
import type { CliContext } from './context.ts'
import type { Door } from './door.ts'
import { ProgressBar } from './progress.ts'
import { fillSample, type Progress } from './sample.ts'
import { watchStores } from './watchStores.ts'

/** Puts a gateway together in this process and asks it through its own server, which listens nowhere. */
export async function openLocalDoor(config: Config, context: CliContext): Promise<Door> {
  const composition = await compose(config, join(context.home, 'migrations'))
  try {
    if (config.sample) {
      const bar = new ProgressBar(context.stderr)
      await fillSample(composition, whenWorking(bar))
      bar.done()
    }
    const { stores, lastRefusal } = watchStores(composition.api.gateway.stores)
    const api = { ...composition.api, gateway: { ...composition.api.gateway, stores } }
    const server = await buildServer(api, { version: context.version, logLevel: 'silent' })
    return {
      async send({ method, path, body }) {
        const response = await server.inject({
          method,
          url: path,
          headers: { accept: 'application/json', authorization: `Bearer ${composition.localKey}`, ...typeOf(body) },
          ...(body === undefined ? {} : { payload: body }),
        })
        return { status: response.statusCode, text: response.payload, cause: lastRefusal() }
      },
      async close() {
        await server.close()
        await composition.close()
      },
    }
  } catch (error) {
    await composition.close()
    throw error
  }
}

function typeOf(body: string | undefined): Record<string, string> {
  return body === undefined ? {} : { 'content-type': 'application/json' }
}

/** Says nothing of a sample that is up to date: then there is only the answer to wait for. */
function whenWorking(bar: ProgressBar): Progress {
  return {
    show: (done, text) => {
      if (done > 0 && done < 1) bar.show(done, text)
    },
    say: (text) => bar.say(text),
  }
}
