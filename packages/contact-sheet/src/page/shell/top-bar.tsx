import type { JSX } from 'preact'
import { Button } from '../controls/button.tsx'
import type { IconName } from '../controls/icon.tsx'
import type { Theme } from '../store/preferences.ts'
import { formatRoute } from '../store/route.ts'
import { useStore, useText } from '../store/store.ts'

/** Name of the project, the views, and what a person sets for the whole page. */
export function TopBar(): JSX.Element {
  const { sheet, dialog, preferences } = useStore()
  const text = useText()
  const { language } = preferences
  return (
    <header class="top">
      <a class="brand" href="#/">
        <span class="brand-mark" aria-hidden="true" />
        <span class="brand-name">Limn</span>
        <span class="brand-project">{sheet.value?.project}</span>
      </a>
      <Views />
      <div class="top-end">
        <ReportMark />
        <Button
          look="plain"
          lang={language.value === 'zh' ? 'en' : 'zh-Hans'}
          onClick={() => (language.value = language.value === 'zh' ? 'en' : 'zh')}
        >
          {text.otherLanguage}
        </Button>
        <ThemeButton />
        <Button
          look="plain"
          icon="help"
          label={text.help.title}
          onClick={() => (dialog.value = { kind: 'help' })}
        />
      </div>
    </header>
  )
}

/** Says that the page is a report, and of which day. */
function ReportMark(): JSX.Element | null {
  const { connection, preferences } = useStore()
  const text = useText()
  const time = Date.parse(connection.reportedAt ?? '')
  if (connection.host !== 'report') return null
  const day = new Intl.DateTimeFormat(preferences.language.value, { dateStyle: 'medium' })
  return (
    <span class="report-mark">
      {text.report}
      {Number.isNaN(time) ? null : <time> · {day.format(time)}</time>}
    </span>
  )
}

function Views(): JSX.Element {
  const { route, run, connection } = useStore()
  const text = useText()
  const { view } = route.value
  const isLive = connection.host !== 'report'
  const views = ['grid', ...(isLive ? (['run'] as const) : []), 'costs'] as const
  const names = { grid: text.nav.pictures, run: text.nav.run, costs: text.nav.costs }
  return (
    <nav class="views" aria-label={text.nav.label}>
      {views.map((each) => (
        <a
          key={each}
          href={formatRoute({ view: each })}
          aria-current={view === each ? 'page' : undefined}
        >
          {names[each]}
          {each === 'run' && run.value !== null ? (
            <span class="live">
              {run.value.done}/{run.value.total}
            </span>
          ) : null}
        </a>
      ))}
    </nav>
  )
}

const nextTheme: Readonly<Record<Theme, Theme>> = { system: 'light', light: 'dark', dark: 'system' }
const themeIcons: Readonly<Record<Theme, IconName>> = {
  system: 'system',
  light: 'sun',
  dark: 'moon',
}

function ThemeButton(): JSX.Element {
  const { preferences } = useStore()
  const text = useText()
  const { theme } = preferences
  return (
    <Button
      look="plain"
      icon={themeIcons[theme.value]}
      label={text.themes[theme.value]}
      onClick={() => (theme.value = nextTheme[theme.value])}
    />
  )
}
