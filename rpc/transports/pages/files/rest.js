// Swagger UI in its section: loaded when it is looked at, its examples with the ids of what there is.

/** Shows the REST rows. `ids`: of the page's answers, read and told of those here. */
export class Rest {
  constructor(folder, ids) {
    this.folder = folder;
    this.ids = ids;
    this.loading = null;
    this.ui = null;
    this.paths = {};
    // What was put into a field here; what a person typed is left alone.
    this.put = new Map();
  }

  /** Load it, the first time. */
  show(element) {
    this.loading ??= this.load(element);
  }

  async load(domNode) {
    domNode.setAttribute("aria-busy", "true");
    // A library in the bundle would take over clicks on all of the page's links to its own places.
    window.noZensmooth = true;
    await new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = new URL("docs/swagger-ui-bundle.js", this.folder);
      script.onload = resolve;
      script.onerror = reject;
      document.head.append(script);
    });
    const ui = window.SwaggerUIBundle({
      url: new URL("openapi.json", this.folder).href,
      domNode,
      onComplete: () => {
        domNode.removeAttribute("aria-busy");
        this.ui = ui;
        this.paths = ui.getSystem().specSelectors.specJson().toJS().paths;
        this.fill();
        // A row that is opened puts its own examples where ids were.
        new MutationObserver(() => this.fill()).observe(domNode, { childList: true, subtree: true });
      },
      responseInterceptor: (response) => {
        const body = response.body;
        if (this.ui && response.ok && body) this.ids.answered(body.result ?? body);
        return response;
      },
      validatorUrl: null,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      defaultModelsExpandDepth: 0,
    });
  }

  /** Put the ids into the examples that nobody changed. */
  fill() {
    if (!this.ui) return;
    const { specActions, specSelectors, oas3Actions, oas3Selectors } = this.ui.getSystem();
    for (const [path, operations] of Object.entries(this.paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const place = [path, method];
        for (const { name, in: where, example } of operation.parameters ?? []) {
          const now = specSelectors.parameterValues(place).get(`${where}.${name}`);
          this.replace(`${place} ${name}`, now, example, this.ids.fill({ [name]: example })[name], (value) =>
            specActions.changeParam(place, name, where, value, false),
          );
        }
        const example = operation.requestBody?.content?.["application/json"]?.example;
        if (!example) continue;
        const text = (value) => JSON.stringify(value, null, 2);
        const now = oas3Selectors.requestBodyValue(...place);
        this.replace(`${place}`, now, text(example), text(this.ids.fill(example)), (value) =>
          oas3Actions.setRequestBodyValue({ value, pathMethod: place }),
        );
      }
    }
  }

  replace(field, now, example, filled, put) {
    if (filled === example && !this.put.has(field)) return;
    if (now !== undefined && now !== null && now !== example && now !== this.put.get(field)) return;
    if (now === filled) return;
    this.put.set(field, filled);
    put(filled);
  }
}
