import './valid-language.ts'
import { render } from 'preact'
import { connect } from './connection/connect.ts'
import { App } from './shell/app.tsx'
import { StartFailure } from './shell/start-failure.tsx'
import { createStore } from './store/store.ts'
import './page.css'
import './controls/controls.css'
import './shell/shell.css'

async function start(): Promise<void> {
  try {
    const store = createStore(await connect())
    render(<App store={store} />, document.body)
    await store.reload()
  } catch (error) {
    render(<StartFailure error={error} />, document.body)
  }
}

void start()
