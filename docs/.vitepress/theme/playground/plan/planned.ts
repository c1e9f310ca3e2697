import type { Diagnostic } from '../../../../../packages/core/src/diagnostic.ts'

/** What the page asks of the planner. */
export type PlanOrder = {
  /** Number of the order: the page ignores the answers to earlier ones. */
  id: number
  /** The manifest. */
  text: string
  /** Width of the plan, characters. */
  columns: number
}

/** The planner's answer. */
export type Planned = {
  /** Mistakes and warnings, in the order of the manifest. */
  diagnostics: Diagnostic[]
  /** Absent if the manifest has mistakes. */
  plan?: ShownPlan
}

/** A plan as the page shows it. */
export type ShownPlan = {
  /** What `limn plan` prints in a project without pictures. */
  lines: PaintedText[][]
  /** What it generates, in the order of the plan. */
  pictures: PlannedPicture[]
}

/** A piece of a line; `paint` is the kind of colour that a terminal shows it in. */
export type PaintedText = { text: string; paint?: string }

/** A picture that a plan generates. */
export type PlannedPicture = { asset: string; alt: string; model: string; drawing: Drawing }

/** What the painter draws: the request of a picture. `width` and `height` are px. */
export type Drawing = {
  prompt: string
  width: number
  height: number
  transparent: boolean
  variant: number
  /** The picture to edit. */
  base?: Drawing
}
