import { createDebug } from '../../debug.ts'
import { createWorkFolder, measureFolder, type WorkFolder } from '../../disk/work-folder.ts'
import type { ImageRequest } from '../../identity/request.ts'
import type { ProviderSettings } from '../../manifest/manifest.ts'
import { findModel, type OwnModels } from '../../models/models.ts'
import type { KeyAccess } from '../key-access.ts'
import {
  type GenerateOptions,
  type ImageProvider,
  type ProviderAnswer,
  ProviderError,
} from '../provider.ts'
import { bytesOfInput, createCommandRequest } from './command-request.ts'
import { environmentOfProgram } from './environment.ts'
import { type CommandFacts, explainEnd, explainNoPictures, isSuccess } from './explain-end.ts'
import { findCommand } from './find-command.ts'
import { readPictures } from './read-pictures.ts'
import { type ProgramEnd, runProgram } from './run-program.ts'

const debug = createDebug('request')

/** Most files that a program may have in its folder, folders included. */
const MAX_FILES = 100
/** Most bytes of all files in its folder. */
const MAX_BYTES = 512 * 1024 * 1024

type CommandContext = {
  /** Folder of the manifest, absolute: the working folder of the program. */
  root: string
  access: KeyAccess
  /** Models that the manifest describes. */
  models: OwnModels
}

/**
 * Creates the provider that runs a program for each request. The program reads a `CommandRequest`
 * from standard input and writes its pictures to a folder of its own.
 *
 * @throws LimnError `command/not-found`, `command/not-trusted`
 */
export async function createCommandProvider(
  settings: ProviderSettings,
  context: CommandContext,
): Promise<ImageProvider> {
  const { root, access } = context
  await access.requireConsent(findCommand(settings, root).use)
  return {
    async generate(request, options) {
      // The file of the program may have changed since the run or the dev server started.
      const { program, args, use } = findCommand(settings, root)
      await access.requireConsent(use)
      const work = createWorkFolder('limn-command-')
      try {
        const run = { settings, context, work, program, args }
        return await runOnce(request, options, run)
      } finally {
        await work.remove()
      }
    },
  }
}

/** One run of the program. */
type CommandRun = {
  settings: ProviderSettings
  context: CommandContext
  work: WorkFolder
  program: string
  args: readonly string[]
}

async function runOnce(
  request: ImageRequest,
  { signal, inputs = [], count = 1 }: GenerateOptions,
  { settings, context: { root, access, models }, work, program, args }: CommandRun,
): Promise<ProviderAnswer> {
  const folder = work.makeFolder('pictures')
  const written = inputs.map((input, index) => ({
    role: input.role,
    path: work.write(`${index + 1}-${input.role}.${input.format}`, bytesOfInput(input, settings)),
  }))
  const { variables, secrets } = environmentOfProgram(settings.command!.variables, access.env)
  const end = await runProgram({
    program,
    args,
    cwd: root,
    env: variables,
    input: JSON.stringify(
      createCommandRequest(request, { folder, count, inputs: written, settings }),
    ),
    timeoutMs: settings.timeoutMs,
    signal,
    isTooLarge: () => isTooLarge(work, folder),
  })
  if (debug.enabled) debug('%s: exit code %s: %s', settings.name, end.code, end.stderr)
  const { name: provider, timeoutMs } = settings
  const mayCost = costs(request, models)
  return answerOf(end, { provider, timeoutMs, mayCost, secrets }, { work, folder })
}

/** Returns the pictures that a program wrote. @throws ProviderError, LimnError */
function answerOf(
  end: ProgramEnd,
  facts: CommandFacts,
  { work, folder }: { work: WorkFolder; folder: string },
): ProviderAnswer {
  // It may have ended between two checks.
  const isOver = end.stopped === undefined && isTooLarge(work, folder)
  const checked: ProgramEnd = isOver ? { ...end, stopped: 'too-large' } : end
  if (!isSuccess(checked)) {
    const error = explainEnd(checked, facts)
    if (error instanceof ProviderError && error.isUncertain && !isTooLarge(work, folder)) {
      error.response = firstPicture(work, folder)
    }
    throw error
  }
  const found = readPictures(work.path, folder)
  if ('problem' in found) throw explainNoPictures(found.problem, end, facts)
  return { images: found.images, revisedPrompts: found.images.map(() => undefined) }
}

/** Returns a picture that a program wrote before it failed, which may have been paid for. */
function firstPicture(work: WorkFolder, folder: string): Uint8Array | undefined {
  const found = readPictures(work.path, folder)
  return 'images' in found ? found.images[0] : undefined
}

function isTooLarge({ path }: WorkFolder, folder: string): boolean {
  const { files, bytes } = measureFolder(path, folder, MAX_FILES)
  return files > MAX_FILES || bytes > MAX_BYTES
}

/** Whether a picture has a price, or may have one. */
function costs({ model }: ImageRequest, models: OwnModels): boolean {
  const price = findModel(model, models)?.price ?? null
  return !(price?.kind === 'free' || (price?.kind === 'flat' && price.usd === 0))
}
