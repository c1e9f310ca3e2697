import { compareText } from '../../digest.ts'
import type { Model } from '../../models/model.ts'
import { DEFAULT_OPENAI_MODEL, findModel, modelById } from '../../models/models.ts'

/** Finds a model that can do something: one that stays, otherwise the one that is shut down last. */
export function findCapableModel(can: (model: Model) => boolean): Model | undefined {
  const capable = [findModel(DEFAULT_OPENAI_MODEL)!, ...modelById.values()].filter(
    (model) => model.price?.kind !== 'free' && can(model),
  )
  return (
    capable.find(({ shutdown }) => shutdown === undefined) ??
    capable.toSorted((a, b) => compareText(b.shutdown!.date, a.shutdown!.date))[0]
  )
}

/**
 * Returns a last sentence for a hint, with a space in front, that names a model which stays and can
 * do something; empty if there is none.
 *
 * @param verb the rest of the sentence, for example `has it`
 */
export function suggestModel(verb: string, can: (model: Model) => boolean): string {
  const capable = findCapableModel(can)
  return capable === undefined || capable.shutdown !== undefined ? '' : ` ${capable.id} ${verb}.`
}
