/** Makes one attempt to open a session: it knows the reasons to give up, and the password for this login. */
import type { SessionSettings } from '../control/settings.js';

export class LoginAttempt {
  readonly settings: SessionSettings;
  readonly #controller = new AbortController();
  #password: string | undefined;

  constructor(settings: SessionSettings) {
    const keep = (password: string): string => {
      this.#password = password;
      return password;
    };
    const password = (): string | Promise<string> => {
      const given = settings.password();
      return typeof given === 'string' ? keep(given) : given.then(keep);
    };
    this.settings = { ...settings, password };
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** The password that PASS has sent; undefined if the client has not sent it. */
  get password(): string | undefined {
    return this.#password;
  }

  abandon(reason?: unknown): void {
    this.#controller.abort(reason);
  }
}
