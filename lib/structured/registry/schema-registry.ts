import { failure, messageOf, MillraceError, raise } from '../../kernel/errors.ts';
import { type AvroType, parseAvroSchema } from '../functions/avro/avro-schema.ts';
import type { ProtoFile } from '../functions/protobuf/proto-file.ts';
import { parseProtoText } from '../functions/protobuf/proto-text.ts';

export interface RegistrySettings {
  /** Its address, `http://host:8081`. */
  readonly url: string;
  /** `user:password` of basic authentication. */
  readonly auth?: string | undefined;
  /** For one request. */
  readonly timeoutMs: number;
}

/** A schema as a registry gives it. */
export interface RegisteredSchema {
  readonly id: number;
  readonly schema: string;
}

/** A schema that was fetched, by its kind. */
type Fetched =
  | { readonly kind: 'AVRO'; readonly avro: AvroType }
  | { readonly kind: 'PROTOBUF'; readonly file: ProtoFile };

/** Requests under way at a time. */
const parallel = 8;

/**
 * Asks a schema registry (Confluent's REST interface) for schemas. What was fetched stays: a schema id never changes. One that is not
 * there stays as the error that says so, so that damaged values do not become a request each.
 */
export class SchemaRegistry {
  readonly #settings: RegistrySettings;
  readonly #known = new Map<number, Fetched | MillraceError>();

  constructor(settings: RegistrySettings) {
    this.#settings = settings;
  }

  /** The schema of Avro of an id that was fetched; raises why there is none. */
  schema(id: number): AvroType {
    const fetched = this.#fetched(id);
    return fetched.kind === 'AVRO' ? fetched.avro : this.#strange(`the schema ${id} is PROTOBUF and not AVRO`);
  }

  /** The name of the message at a place in the schema of an id that was fetched. */
  messageAt(id: number, path: string): string {
    const fetched = this.#fetched(id);
    if (fetched.kind !== 'PROTOBUF') return this.#strange(`the schema ${id} is AVRO and not PROTOBUF`);
    const found = fetched.file.messages.find((message) => message.path === path);
    return found?.name ?? this.#strange(`the schema ${id} has no message at the place ${path}`);
  }

  #fetched(id: number): Fetched {
    const known = this.#known.get(id);
    if (known === undefined)
      raise('INTERNAL_INVARIANT', { what: `the schema ${id} was not fetched before it was needed` });
    if (known instanceof MillraceError) throw known;
    return known;
  }

  /** Fetches those of some schemas that are not there yet. */
  async load(ids: Iterable<number>): Promise<void> {
    const missing = [...new Set(ids)].filter((id) => !this.#known.has(id));
    for (let from = 0; from < missing.length; from += parallel) {
      await Promise.all(missing.slice(from, from + parallel).map(async (id) => await this.#fetch(id)));
    }
  }

  /** The newest schema of a subject. */
  async latest(subject: string): Promise<RegisteredSchema> {
    const found = await this.#get(`subjects/${encodeURIComponent(subject)}/versions/latest`);
    const { id, schema } = found;
    if (typeof id !== 'number' || typeof schema !== 'string') return this.#strange('there is no schema in its answer');
    return { id, schema };
  }

  async #fetch(id: number): Promise<void> {
    try {
      const found = await this.#get(`schemas/ids/${id}`);
      const { schemaType = 'AVRO', schema } = found;
      if (typeof schema !== 'string') return this.#strange(`there is no schema in its answer for ${id}`);
      if (schemaType === 'AVRO') {
        const avro = parseAvroSchema(schema, await this.#references(found, 0));
        this.#known.set(id, { kind: 'AVRO', avro });
      } else if (schemaType === 'PROTOBUF') this.#known.set(id, { kind: 'PROTOBUF', file: parseProtoText(schema) });
      else this.#strange(`the schema ${id} is ${JSON.stringify(schemaType)}, which is neither AVRO nor PROTOBUF`);
    } catch (error) {
      // Whoever cannot be reached may be later; everything else stays as it is.
      if (!(error instanceof MillraceError) || error.code === 'SCHEMA_REGISTRY_UNREACHABLE') throw error;
      this.#known.set(id, error);
    }
  }

  /** The texts of the schemas that one refers to, each after its own. */
  async #references(found: Answer, depth: number): Promise<readonly string[]> {
    const list = Array.isArray(found['references']) ? (found['references'] as readonly Answer[]) : [];
    if (depth > 20) this.#strange('schemas refer to each other more than 20 deep');
    const texts: string[] = [];
    for (const { subject, version } of list) {
      const path = `subjects/${encodeURIComponent(String(subject))}/versions/${String(version)}`;
      const other = await this.#get(path);
      texts.push(...(await this.#references(other, depth + 1)), String(other['schema']));
    }
    return [...new Set(texts)];
  }

  async #get(path: string): Promise<Answer> {
    const { url, auth, timeoutMs } = this.#settings;
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${url.replace(/\/+$/u, '')}/${path}`, {
        signal: AbortSignal.timeout(timeoutMs),
        headers: {
          accept: 'application/vnd.schemaregistry.v1+json, application/json',
          ...(auth === undefined ? {} : { authorization: `Basic ${btoa(auth)}` }),
        },
      });
      text = await response.text();
    } catch (error) {
      throw failure('SCHEMA_REGISTRY_UNREACHABLE', { url, reason: reasonOf(error) }, { cause: error });
    }
    // What is wrong with the server is not wrong with what was asked for.
    if (response.status >= 500) {
      raise('SCHEMA_REGISTRY_UNREACHABLE', { url, reason: `it answered ${response.status}` });
    }
    const answer = parsed(text);
    if (response.ok && answer !== undefined) return answer;
    return raise('SCHEMA_REGISTRY_ANSWER', {
      url,
      status: String(response.status),
      problem: typeof answer?.['message'] === 'string' ? answer['message'] : `${path}: ${text.slice(0, 100)}`,
    });
  }

  #strange(problem: string): never {
    raise('SCHEMA_REGISTRY_ANSWER', { url: this.#settings.url, status: 'well', problem });
  }
}

type Answer = Readonly<Record<string, unknown>>;

function parsed(text: string): Answer | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null ? (json as Answer) : undefined;
  } catch {
    return undefined;
  }
}

/** What Node says is in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause === undefined ? messageOf(error) : `${messageOf(error)}, ${messageOf(cause)}`;
}

const registries = new Map<string, SchemaRegistry>();

/** The registry of some settings: one for the process, with what it has fetched. */
export function registryOf(settings: RegistrySettings): SchemaRegistry {
  const name = JSON.stringify([settings.url, settings.auth ?? '', settings.timeoutMs]);
  const known = registries.get(name) ?? new SchemaRegistry(settings);
  registries.set(name, known);
  return known;
}

/**
 * The newest schema of a subject as text: for `fromAvro`, whose columns have to be known while a program is being built.
 *
 * @example
 * const orders = await latestSchema({ schemaRegistryUrl: 'http://localhost:8081', subject: 'orders-value' });
 */
export async function latestSchema(
  options: { readonly schemaRegistryUrl: string; readonly subject: string } & Readonly<Record<string, string | number>>,
): Promise<string> {
  const texts = Object.fromEntries(Object.entries(options).map(([name, value]) => [name, String(value)]));
  const { schema } = await registryOf(registrySettings(texts) ?? { url: '', timeoutMs: 0 }).latest(options.subject);
  return schema;
}

/** `schemaRegistryUrl`, `schemaRegistryAuth` and `schemaRegistryTimeoutMs` of the options of a function. */
export function registrySettings(options: Readonly<Record<string, string>>): RegistrySettings | undefined {
  const byName = new Map(Object.entries(options).map(([name, value]) => [name.toLowerCase(), value]));
  const url = byName.get('schemaregistryurl');
  if (url === undefined) return undefined;
  const timeoutMs = Number(byName.get('schemaregistrytimeoutms') ?? 10_000);
  if (!/^https?:\/\//u.test(url) || !(timeoutMs > 0)) {
    raise('SCHEMA_REGISTRY_OPTION', {
      problem: timeoutMs > 0 ? `${url} is no address` : 'the timeout is no number above 0',
    });
  }
  return { url, auth: byName.get('schemaregistryauth'), timeoutMs };
}
