import type { JSX } from 'preact'
import { useMoney, useStore, useText } from '../store/store.ts'

/** The budget of the month as a bar, and the other limits as text. */
export function Budget(): JSX.Element {
  const { sheet } = useStore()
  const text = useText()
  const money = useMoney()
  const { run, month, spentThisMonth, devLeft } = sheet.value?.budget ?? {
    run: null,
    month: null,
    spentThisMonth: 0,
    devLeft: null,
  }
  const share = month === null || month === 0 ? 0 : spentThisMonth / month
  return (
    <section class="panel budget" aria-labelledby="budget-title">
      <h2 id="budget-title">{text.costs.budget}</h2>
      {month === null ? (
        <p>{text.costs.noMonth(money(spentThisMonth))}</p>
      ) : (
        <>
          <p>{text.costs.month(money(spentThisMonth), money(month))}</p>
          <div
            class={`meter ${share > 1 ? 'over' : share > 0.8 ? 'near' : ''}`}
            role="meter"
            aria-label={text.costs.budget}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(100 * Math.min(1, share))}
            aria-valuetext={text.costs.month(money(spentThisMonth), money(month))}
          >
            <span style={{ width: `${100 * Math.min(1, share)}%` }} />
          </div>
        </>
      )}
      <ul class="limits">
        {run === null ? null : <li>{text.costs.perRun(money(run))}</li>}
        {devLeft === null ? null : <li>{text.costs.devLeft(money(devLeft))}</li>}
      </ul>
    </section>
  )
}
