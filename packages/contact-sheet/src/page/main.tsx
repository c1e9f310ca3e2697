import { render } from 'preact'
import { ActionDialogs } from './actions/action-dialogs.tsx'
import { AssetPage } from './asset/asset-page.tsx'
import { type Connection, describeFailure } from './connection/connection.ts'
import { connectToDev } from './connection/dev.ts'
import { connectToReport, findReport } from './connection/report.ts'
import { connectToUi } from './connection/ui.ts'
import { GridPage } from './grid/grid-page.tsx'
import { createStore, type Store, StoreContext, useStore } from './store/store.ts'
import './page.css'

async function connect(): Promise<Connection> {
  const report = findReport()
  if (report !== null) return connectToReport(report)
  return document.documentElement.dataset['host'] === 'dev' ? connectToDev() : connectToUi()
}

function View() {
  const { route } = useStore()
  if (route.value.view === 'asset') return <AssetPage name={route.value.name} />
  return <GridPage />
}

function App({ store }: { store: Store }) {
  return (
    <StoreContext.Provider value={store}>
      <View />
      <ActionDialogs />
    </StoreContext.Provider>
  )
}

async function start(): Promise<void> {
  try {
    const store = createStore(await connect())
    render(<App store={store} />, document.body)
    await store.reload()
  } catch (error) {
    const { message, hint } = describeFailure(error)
    render(<p role="alert">{`${message} ${hint}`}</p>, document.body)
  }
}

void start()
