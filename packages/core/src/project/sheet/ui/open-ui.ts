import { createDebug } from '../../../debug.ts'
import { createOutputService } from '../../output-service.ts'
import type { Project } from '../../project.ts'
import type { SheetHost } from '../host.ts'
import { createSheetSession } from '../session.ts'
import { startUiServer, type UiServer } from './start-ui-server.ts'
import { createUiSpending } from './ui-spending.ts'
import { watchProject } from './watch-project.ts'

const debug = createDebug('run')

export type UiOptions = {
  project: Project
  /** 0 for any free port. */
  port: number
  /** The most that the whole session may spend, USD; `undefined` for no limit but `budget`. */
  maxUsd: number | undefined
  nameCommands(text: string): string
  onBug(error: unknown): void
  /** Called when a run starts, and when the last one has ended. */
  onWork(isWorking: boolean): void
}

/**
 * Opens the contact sheet of a project in a server of its own, and follows the project's files.
 *
 * @throws LimnError `usage` if the port is taken
 */
export async function openUi({
  project,
  port,
  maxUsd,
  nameCommands,
  onBug,
  onWork,
}: UiOptions): Promise<UiServer> {
  const service = createOutputService(project.paths)
  const host: SheetHost = {
    project,
    read: () => project.planWithSnapshot(),
    loadOutputService: () => Promise.resolve(service),
    spending: createUiSpending(maxUsd),
    nameCommands,
    onBug,
  }
  const session = createSheetSession(host)
  session.listen((event) => {
    if (event.type === 'run') onWork(event.run !== null)
  })
  const server = await startUiServer({ session, port, onError: onBug })
  const watcher = await watchProject(project, () => session.update())
  debug('ui: %s', server.url.replace(/#.*/, ''))
  return {
    url: server.url,
    async close() {
      await session.close()
      await Promise.all([server.close(), watcher.close()])
      await service.close()
    },
  }
}
