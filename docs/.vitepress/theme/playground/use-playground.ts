import { onBeforeUnmount, onMounted, type Ref, ref, shallowRef } from 'vue'
import type { Diagnostic } from '../../../../packages/core/src/diagnostic.ts'
import { type Artist, createArtist } from './artist.ts'
import { createEditor, type ManifestEditor } from './editor/create-editor.ts'
import { firstManifest } from './first-manifest.ts'
import type { Drawing, Planned, ShownPlan } from './plan/planned.ts'
import { createPlanner, type Planner } from './planner.ts'
import { hashOf, isShareable, textOf } from './share.ts'
import { startPainter } from './start-painter.ts'

/** Longest edge of the pictures on the page, px. */
const MAX_EDGE = 640
/** How long nobody types before the manifest is planned, ms. */
const PAUSE = 150

export type Playground = {
  /** The plan of the last manifest without mistakes; `undefined` before the first. */
  plan: Ref<ShownPlan | undefined>
  diagnostics: Ref<readonly Diagnostic[]>
  /** Whether `plan` is that of an earlier text, because this one has mistakes. */
  isOutdated: Ref<boolean>
  /** What went wrong apart from the manifest; empty for nothing. */
  failure: Ref<string>
  /** Draws the first pictures of a plan, up to a number. */
  show(count: number): void
  urlOf(drawing: Drawing): string | undefined
  /** Replaces the manifest. */
  load(text: string): void
  goTo(diagnostic: Diagnostic): void
  /** Puts the manifest into the address; returns it, or `undefined` if the manifest is too long. */
  share(): string | undefined
}

/** Connects the editor, the planner and the painter. `columnsOf` measures the width of the plan. */
export function usePlayground(parent: Ref<Element | null>, columnsOf: () => number): Playground {
  const plan = shallowRef<ShownPlan>()
  const diagnostics = shallowRef<readonly Diagnostic[]>([])
  const isOutdated = ref(false)
  const failure = ref('')
  /** Changes when a picture is drawn, so that the page looks for its address. */
  const drawn = ref(0)
  let shown = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let editor: ManifestEditor
  let planner: Planner
  let artist: Artist

  const order = (): void => planner.plan(editor.text(), columnsOf())
  const orderSoon = (): void => {
    clearTimeout(timer)
    timer = setTimeout(order, PAUSE)
  }
  const drawShown = (): void => {
    artist.draw((plan.value?.pictures ?? []).slice(0, shown).map(({ drawing }) => drawing))
  }
  const onPlanned = (planned: Planned): void => {
    failure.value = ''
    diagnostics.value = planned.diagnostics
    editor.mark(planned.diagnostics)
    isOutdated.value = planned.plan === undefined
    if (planned.plan === undefined) return
    plan.value = planned.plan
    drawShown()
  }
  /** Returns the manifest of the address, or another text if it has none. */
  const textOfAddress = (otherwise: string): string => {
    try {
      return textOf(location.hash) ?? otherwise
    } catch (error) {
      failure.value = (error as Error).message
      return otherwise
    }
  }
  const onAddress = (): void => {
    const current = editor.text()
    const text = textOfAddress(current)
    if (text !== current) editor.replace(text)
  }

  onMounted(() => {
    const text = textOfAddress(firstManifest)
    const label = 'Manifest, images.yaml'
    editor = createEditor({ parent: parent.value!, text, label, onChange: orderSoon })
    planner = createPlanner({
      onSchema: (schema) => editor.setSchema(schema),
      onPlanned,
      onFailure: (message) => (failure.value = message),
    })
    artist = createArtist({ maxEdge: MAX_EDGE, onDrawn: () => drawn.value++, start: startPainter })
    addEventListener('hashchange', onAddress)
    addEventListener('resize', orderSoon)
    order()
  })
  onBeforeUnmount(() => {
    clearTimeout(timer)
    removeEventListener('hashchange', onAddress)
    removeEventListener('resize', orderSoon)
    planner.close()
    artist.close()
    editor.destroy()
  })

  return {
    plan,
    diagnostics,
    isOutdated,
    failure,
    show(count) {
      shown = count
      if (plan.value !== undefined) drawShown()
    },
    urlOf: (drawing) => (drawn.value >= 0 ? artist?.urlOf(drawing) : undefined),
    load: (text) => editor.replace(text),
    goTo: ({ place }) => editor.goTo(place.line, place.column),
    share() {
      const text = editor.text()
      if (!isShareable(text)) return undefined
      history.replaceState(history.state, '', hashOf(text))
      return location.href
    },
  }
}
