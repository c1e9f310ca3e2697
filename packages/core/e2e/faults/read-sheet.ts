import type { AssetView, PictureRef, Sheet } from '@limn/contact-sheet'
import { openProject } from '../../src/index.ts'
import { createOutputService } from '../../src/project/output-service.ts'
import { createSheetSession } from '../../src/project/sheet/session.ts'
import { createUiSpending } from '../../src/project/sheet/ui/ui-spending.ts'

/**
 * Reads everything that a contact sheet shows of a project: the grid, each asset, and each picture.
 *
 * @returns the bugs, as text
 */
export async function readWholeSheet(cwd: string): Promise<string> {
  const project = openProject({ cwd })
  const service = createOutputService(project.paths)
  const bugs: string[] = []
  const session = createSheetSession({
    project,
    read: () => project.planWithSnapshot(),
    loadOutputService: () => Promise.resolve(service),
    spending: createUiSpending(0),
    onBug: (error) => bugs.push(`    at crash\n${String(error)}`),
  })
  const ask = async <T>(call: string, input: unknown): Promise<T | undefined> =>
    ((await session.receive({ id: 1, call, input })) as { output?: T } | undefined)?.output
  const show = async (ref: PictureRef): Promise<unknown> =>
    session.picture(ref).catch(() => undefined)
  const sheet = await ask<Sheet>('sheet', {})
  await ask('costs', {})
  for (const { name, picture: version, isDraft } of sheet?.assets ?? []) {
    const view = await ask<AssetView>('asset', { name })
    await show({ kind: 'thumb', asset: name, version })
    await show({ kind: 'master', asset: name, version })
    // Drawing and encoding take long, and read nothing more.
    for (const { file } of isDraft ? [] : (view?.outputs.slice(0, 1) ?? [])) {
      await show({ kind: 'output', asset: name, file, version })
    }
    for (const { id } of view?.earlier ?? []) await show({ kind: 'earlier', asset: name, id })
  }
  await session.close()
  await service.close()
  return bugs.join('\n')
}
