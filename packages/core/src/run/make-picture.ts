import { pictureDigest } from '../digest.ts'
import { LimnError } from '../errors.ts'
import type { LockEntry } from '../lock/lock.ts'
import type { Step } from '../plan/plan.ts'
import { recordUnsent, removeUnsent } from '../store/unsent.ts'
import { receiveUntilPassed } from './attempts.ts'
import { type DecodedPicture, decodeReceived } from './decode-received.ts'
import { bestFirst, type ExaminedKeys, examineReceived } from './examine-received.ts'
import { findReceived, type Received } from './find-received.ts'
import { installMaster } from './install-master.ts'
import { keepCandidates } from './keep-candidates.ts'
import type { InstallStages, RequestStages } from './picture-stages.ts'
import { queueDecoding } from './queues.ts'
import { reportCandidates, reportExamined, reportMaster } from './report-master.ts'
import type { GenerateStep } from './run-steps.ts'
import { candidateToUpload, toUpload } from './upload-answer.ts'

type RecoverStep = Extract<Step, { kind: 'recover' }>

/**
 * Handles one asset completely: request → journal → master → lockfile → outputs. It holds its slot
 * in the queue of requests until its pictures are in the journal.
 */
export async function makePicture(
  step: GenerateStep,
  stages: InstallStages & RequestStages,
): Promise<void> {
  const { queues, remote, signals, progress } = stages
  let received: Received | undefined
  try {
    const attempts = await receiveUntilPassed(step, stages)
    if (attempts === undefined) return
    received = attempts.received
    await queues.masters.add(async () => {
      if (signals.quit?.aborted === true) throw leftInJournal()
      await install(attempts.received, stages, attempts.examined)
    })
  } finally {
    if (received !== undefined) remote?.settle(received.request)
    progress.picturesDone(1)
    progress.report()
  }
}

/**
 * Restores a picture that was paid for before from the journal or the shelf: master → lockfile →
 * outputs.
 */
export async function recoverPicture(step: RecoverStep, stages: InstallStages): Promise<void> {
  await install(await findReceived(step, stages), stages)
}

/**
 * Installs received pictures: decodes them, writes the master, updates the lock and queues the
 * outputs.
 */
async function install(
  arrived: Received,
  stages: InstallStages,
  known: ExaminedKeys = new Map(),
): Promise<void> {
  const { workspace, queues, lockWriter, outputs, signals, onEvent } = stages
  const { asset } = arrived
  const { received, examined } = await examineAll(arrived, known, stages)
  const { encoderVersion } = await import('../derive/encoder-version.ts')
  const decoded = await queueDecoding(queues, signals.quit, () =>
    decodeReceived(received, signals.quit),
  )
  if (stages.asCandidates) return installCandidates(received, decoded, stages)
  const { manifest, paths } = workspace
  // Also after a kill, the next run knows that only this machine has the master.
  if (manifest.masters === 'remote' && received.isStored !== true) {
    await recordUnsent(paths, pictureDigest(decoded.master.bytes))
  }
  const { lock } = lockWriter
  const encoder = encoderVersion()
  const options = { workspace, lock, encoder }
  const result = examined.get(decoded.keys[0]!)
  const examination = result?.examination
  const { entry, candidates, intent } = await installMaster(
    received,
    { ...decoded, examination },
    options,
  )
  lockWriter.setEncoder(encoder)
  lockWriter.update([[asset, entry]], {
    journalKeys: decoded.keys,
    intents: intent === undefined ? [] : [intent],
  })
  reportMaster(received, { entry, decoded, candidates }, { workspace, onEvent })
  if (examination !== undefined) reportExamined(asset, examination, onEvent)
  if (result?.failure !== undefined) stages.reportFailure(asset, result.failure)
  void upload(received, { entry, candidates }, stages)
  const files = workspace.assetByName.get(asset)!.outputs.map(({ file }) => file)
  outputs?.cut(asset, files, decoded.master)
}

/**
 * Examines received pictures, and puts the best of several first if their verdicts decide which one
 * becomes the master.
 */
async function examineAll(
  received: Received,
  known: ExaminedKeys,
  stages: InstallStages,
): Promise<{ received: Received; examined: ExaminedKeys }> {
  if (stages.examiner === undefined || stages.asCandidates) return { received, examined: known }
  const { picksBest, attempts } = stages.workspace.assetByName.get(received.asset)!
  const isChoice = (picksBest || attempts > 1) && received.keys.length > 1
  const asked = isChoice ? received : { ...received, keys: received.keys.slice(0, 1) }
  const examined = await examineReceived(asked, known, stages)
  return { received: isChoice ? await bestFirst(received, examined) : received, examined }
}

/** Uploads a picture that was installed to the remote store, if there is one. Never rejects. */
async function upload(
  received: Received,
  installed: { entry: LockEntry; candidates: readonly number[] },
  { workspace, remote }: InstallStages,
): Promise<void> {
  if (remote === undefined) return
  const answer = toUpload(received, installed, workspace)
  if (answer === undefined || !(await remote.upload(answer))) return
  await removeUnsent(workspace.paths, installed.entry.master.sha256)
}

/** Keeps received pictures as candidates. */
async function installCandidates(
  received: Received,
  decoded: DecodedPicture,
  { workspace, remote, onEvent }: InstallStages,
): Promise<void> {
  const { paths, assetByName } = workspace
  const { ownPrompt } = assetByName.get(received.asset)!
  const candidateFiles = await keepCandidates(received, decoded, { paths, ownPrompt })
  reportCandidates(received, { decoded, candidateFiles }, { workspace, onEvent })
  const answer = remote === undefined ? undefined : candidateToUpload(received, decoded, workspace)
  if (answer !== undefined) void remote!.upload({ ...answer, path: candidateFiles.at(-1)! })
}

function leftInJournal(): LimnError {
  return new LimnError(
    'aborted',
    'The picture is in the journal. The next run recovers it from there.',
  )
}
