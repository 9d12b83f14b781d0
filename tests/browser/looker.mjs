// Opens a page under given conditions, notes what went wrong while it loaded, and hands it to a check.

export class Looker {
  views = 0;
  faults = [];
  figures = new Map();

  constructor(browser, site) {
    this.browser = browser;
    this.site = site;
  }

  // `how`: width, height, scheme, script (false: JavaScript off), images (false: blocked), print.
  async look(page, how, check) {
    const context = await this.browser.newContext({
      viewport: { width: how.width, height: how.height ?? 800 },
      colorScheme: how.scheme ?? 'light',
      javaScriptEnabled: how.script !== false,
    });
    try {
      const view = new View(this, page, how, await context.newPage());
      await view.open();
      await check(view);
      this.views += 1;
    } finally {
      await context.close();
    }
  }
}

class View {
  requests = [];

  constructor(looker, of, how, page) {
    this.looker = looker;
    this.of = of;
    this.how = how;
    this.page = page;
  }

  wrong(what) {
    const how = [this.how.width, this.how.scheme ?? 'light'];
    if (this.how.script === false) how.push('no script');
    if (this.how.images === false) how.push('no images');
    if (this.how.print) how.push('print');
    this.looker.faults.push(`${this.of.name} (${how.join(', ')}): ${what}`);
  }

  figure(what, bytes) {
    this.looker.figures.set(`${this.of.name}: ${what}`, bytes);
  }

  async open() {
    const { page } = this;
    const blocked = this.how.images === false;
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !blocked) this.wrong(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.wrong(`script: ${error.message}`));
    page.on('request', (request) => this.noteRequest(request));
    page.on('requestfailed', (request) => {
      if (!(blocked && request.resourceType() === 'image')) this.wrong(`${request.url()} failed`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) this.wrong(`${response.url()} answers ${response.status()}`);
    });
    if (blocked) {
      await page.route('**/*', (route) =>
        route.request().resourceType() === 'image' ? route.abort('blockedbyclient') : route.continue());
    }
    if (this.how.print) await page.emulateMedia({ media: 'print', colorScheme: this.how.scheme });
    await page.goto(this.of.address, { waitUntil: 'load' });
  }

  noteRequest(request) {
    this.requests.push(request);
    const address = request.url();
    const own = address.startsWith(this.looker.site + '/') || address === this.of.address;
    if (!own && !address.startsWith('data:')) this.wrong(`asks for ${address}`);
  }
}
