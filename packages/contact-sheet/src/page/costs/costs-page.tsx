import type { JSX } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { CostsView } from '../../protocol.ts'
import { describeFailure, type Failure } from '../connection/connection.ts'
import { Button } from '../controls/button.tsx'
import { Placeholder } from '../controls/placeholder.tsx'
import { useMoney, useStore, useText } from '../store/store.ts'
import { localFailure } from '../text/local-failure.ts'
import { Bars } from './bars.tsx'
import { Budget } from './budget.tsx'
import { DayPlot } from './day-plot.tsx'
import './costs.css'

type Loaded = { costs: CostsView } | { failure: Failure } | null

/** What was spent, on what, and what the plan would cost. */
export function CostsPage(): JSX.Element {
  const text = useText()
  const [loaded, reload] = useCosts()
  return (
    <main class="costs">
      <h1 class="hidden">{text.nav.costs}</h1>
      {loaded === null ? <p class="placeholder">{text.loading}</p> : null}
      {loaded !== null && 'failure' in loaded ? (
        <Placeholder icon="failed" title={localFailure(text, loaded.failure).message}>
          <p>{localFailure(text, loaded.failure).hint}</p>
          <Button onClick={reload}>{text.retry}</Button>
        </Placeholder>
      ) : null}
      {loaded !== null && 'costs' in loaded ? <Costs costs={loaded.costs} /> : null}
    </main>
  )
}

/** Reads the costs, and reads them again when a run ends or the plan changes. */
function useCosts(): [Loaded, () => void] {
  const { connection, run, sheet } = useStore()
  const [loaded, setLoaded] = useState<Loaded>(null)
  const [attempt, setAttempt] = useState(0)
  const isRunning = run.value !== null
  const plan = sheet.value?.planUsd
  useEffect(() => {
    let isCurrent = true
    connection.call('costs', {}).then(
      (costs) => isCurrent && setLoaded({ costs }),
      (error: unknown) => isCurrent && setLoaded({ failure: describeFailure(error) }),
    )
    return () => {
      isCurrent = false
    }
  }, [attempt, isRunning, plan])
  return [loaded, () => setAttempt(attempt + 1)]
}

function Costs({ costs }: { costs: CostsView }): JSX.Element {
  const text = useText()
  const money = useMoney()
  const figures = [
    { name: text.costs.total, value: money(costs.total), note: '' },
    {
      name: text.costs.saved,
      value: money(costs.saved.usd),
      note: text.costs.savedNote(costs.saved.pictures),
    },
    { name: text.costs.plan, value: money(costs.planUsd), note: text.costs.planNote },
  ]
  return (
    <>
      <dl class="figures">
        {figures.map(({ name, value, note }) => (
          <div class="figure" key={name}>
            <dt>{name}</dt>
            <dd>
              <span class="figure-value">{value}</span>
              <span class="figure-note">{note}</span>
            </dd>
          </div>
        ))}
      </dl>
      <Budget />
      <DayPlot days={costs.byDay} />
      <div class="bar-charts">
        <Bars title={text.costs.byModel} rows={costs.byModel} />
        <Bars title={text.costs.byProfile} rows={costs.byProfile} />
        <Bars title={text.costs.byAsset} rows={costs.byAsset} areAssets />
      </div>
    </>
  )
}
