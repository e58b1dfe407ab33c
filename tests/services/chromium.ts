// The browser that the web app is tested in.
import { locate } from './locate.ts'
import type { Part } from './part.ts'

export const chromium: Part = {
  name: 'Chromium',
  neededFor: 'the web app in a browser',
  async find() {
    const found = locate({
      variable: 'CHROMIUM_BIN',
      names: [
        'chromium',
        'chromium-browser',
        'google-chrome',
        'google-chrome-stable',
        'Google Chrome',
        'Chromium',
      ],
      folders: [
        '/usr/lib/chromium',
        '/snap/bin',
        '/opt/google/chrome',
        '/Applications/Google Chrome.app/Contents/MacOS',
        '/Applications/Chromium.app/Contents/MacOS',
      ],
    })
    return (
      found ?? { found: false, why: 'not found', remedy: 'install chromium or set CHROMIUM_BIN' }
    )
  },
}
