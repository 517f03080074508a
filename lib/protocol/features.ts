/**
 * Holds the features of a server beyond RFC 959: the lines of its answer to FEAT (RFC 2389 section 3.2).
 *
 * It ignores the case of names. A server without FEAT has no features, which is no error.
 */
import { FtpProtocolError } from '../errors.js';

const MAX_FEATURES = 1024;

/** One of several choices a feature offers, such as a fact of MLST. */
export interface FeatureChoice {
  readonly name: string;
  /** Whether the server uses it now: marked by `*`. */
  readonly enabled: boolean;
}

export class Features {
  /** Of a server that knows no FEAT, or lists nothing. */
  static readonly none: Features = /* @__PURE__ */ new Features(new Map());

  readonly #parameters: ReadonlyMap<string, string>;

  private constructor(parameters: ReadonlyMap<string, string>) {
    this.#parameters = parameters;
  }

  /**
   * From the lines of a 211. The first and the last line are no features (`Features:`, `End`). If a name comes twice (`AUTH SSL`,
   * `AUTH TLS`), its parameters are joined by `;`.
   *
   * @throws FtpProtocolError for more features than any server has.
   */
  static parse(lines: readonly string[]): Features {
    const parameters = new Map<string, string>();
    for (const line of lines.slice(1, -1)) {
      const feature = line.replace(/^211[- ]/, '').trim();
      if (feature === '') continue;
      const space = feature.indexOf(' ');
      const name = (space === -1 ? feature : feature.slice(0, space)).toUpperCase();
      const parameter = space === -1 ? '' : feature.slice(space + 1).trim();
      const earlier = parameters.get(name);
      parameters.set(name, [earlier, parameter].filter(Boolean).join(';'));
      if (parameters.size > MAX_FEATURES) throw new FtpProtocolError(`FEAT names more than ${MAX_FEATURES} features`);
    }
    return new Features(parameters);
  }

  /** From features as FEAT would name them, one each, such as `MLST type*;size*;`. */
  static of(features: readonly string[]): Features {
    return Features.parse(['', ...features, '']);
  }

  /** Whether the server names this feature, in any case. */
  has(name: string): boolean {
    return this.#parameters.has(name.toUpperCase());
  }

  /** The text behind the feature's name, '' if there is none, `undefined` if the server does not name it. */
  parameters(name: string): string | undefined {
    return this.#parameters.get(name.toUpperCase());
  }

  /**
   * These features, corrected by later replies: `verbs` says of a verb whether it worked, or was called unknown.
   *
   * MLST stands for MLSD too (RFC 3659 section 7.8). If MLST alone is unknown, its parameters become those of MLSD.
   *
   * @internal
   */
  corrected(verbs: ReadonlyMap<string, boolean>): Features {
    const parameters = new Map(this.#parameters);
    const facts = parameters.get('MLST');
    for (const [verb, works] of verbs) {
      if (!works) parameters.delete(verb);
      else if (!this.has(verb) && (verb !== 'MLSD' || facts === undefined)) parameters.set(verb, '');
    }
    if (facts !== undefined && verbs.get('MLST') === false && verbs.get('MLSD') !== false)
      parameters.set('MLSD', facts);
    return new Features(parameters);
  }

  /** The names, in upper case and in the server's order. */
  get names(): readonly string[] {
    return [...this.#parameters.keys()];
  }

  /** The facts MLST and MLSD can give, and which of them they give now (RFC 3659 section 7.8). */
  get mlstFacts(): readonly FeatureChoice[] {
    return this.#choices(this.has('MLST') ? 'MLST' : 'MLSD');
  }

  /** The algorithms HASH offers, and which it uses now (draft-bryan-ftpext-hash). */
  get hashAlgorithms(): readonly FeatureChoice[] {
    return this.#choices('HASH');
  }

  #choices(name: string): readonly FeatureChoice[] {
    const choices = (this.parameters(name) ?? '').split(';').map((choice) => choice.trim());
    return choices
      .filter((choice) => choice !== '')
      .map((choice) => ({ name: choice.replace(/\*$/, ''), enabled: choice.endsWith('*') }));
  }
}
