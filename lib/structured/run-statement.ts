import { explainPlan } from './analyzer/explain.ts';
import { analyze } from './analyzer/analyze.ts';
import type { DataFrame } from './data-frame.ts';
import type { SessionState } from './session-state.ts';
import { likeNames } from './sql/like-names.ts';
import type { Statement } from './sql/statement.ts';
import { atomic } from './types/type-classes.ts';
import type { StructType } from './types/data-type.ts';
import { typeText } from './types/type-text.ts';

/** Runs what a SQL text asks for. Commands act at once and give their answer as a DataFrame, as in Spark. */
export function runStatement(statement: Statement, state: SessionState): DataFrame {
  switch (statement.kind) {
    case 'query':
      return state.frameOf(statement.plan);
    case 'createView': {
      const { name, isGlobal, onClash, plan } = statement;
      const views = isGlobal ? state.globalViews : state.views;
      if (onClash !== 'ignore' || views.find(name) === undefined) {
        // What is wrong with the query is told now and not when the view is read.
        views.set(name, { plan: state.frameOf(plan).plan, session: state }, onClash === 'fail');
      }
      return answer([], [], state);
    }
    case 'dropView': {
      const { parts, ifExists } = statement;
      if (!state.dropView(parts) && !ifExists) state.requireView(parts);
      return answer([], [], state);
    }
    case 'showTables':
      return showTables(statement, state);
    case 'showColumns': {
      const names = analyze(statement.plan, state).output.map(({ name }) => [name]);
      return answer(['col_name'], names, state);
    }
    case 'describe': {
      const columns = analyze(statement.plan, state).output;
      const rows = columns.map(({ name, type }) => [name, typeText(type), null]);
      return answer(['col_name', 'data_type', 'comment'], rows, state);
    }
    case 'explain':
      return answer(['plan'], [[explainPlan(statement.plan, state, statement.isExtended)]], state);
    case 'set':
      return setting(statement, state);
    case 'reset': {
      const keys = statement.key === undefined ? Object.keys(state.conf.getAll()) : [statement.key];
      for (const key of keys) state.conf.unset(key);
      return answer([], [], state);
    }
    default:
      return statement satisfies never;
  }
}

function showTables({ pattern, columns }: Extract<Statement, { kind: 'showTables' }>, state: SessionState): DataFrame {
  const isWanted = pattern === undefined ? () => true : likeNames(pattern);
  const rows = state.views
    .names()
    .filter((name) => isWanted(name))
    .map((name) => ['', name.toLowerCase(), true] as const);
  return answer(['namespace', columns === 'views' ? 'viewName' : 'tableName', 'isTemporary'], rows, state);
}

function setting({ key, value }: Extract<Statement, { kind: 'set' }>, state: SessionState): DataFrame {
  const columns = ['key', 'value'];
  if (key === undefined) return answer(columns, Object.entries(state.conf.getAll()), state);
  if (value !== undefined) state.conf.set(key, value);
  return answer(columns, [[key, state.conf.getOption(key) ?? '<undefined>']], state);
}

/** A DataFrame of the answer of a command; columns are texts but for those that say yes or no. */
function answer(
  names: readonly string[],
  rows: readonly (readonly (string | boolean | null)[])[],
  state: SessionState,
): DataFrame {
  const schema: StructType = {
    kind: 'struct',
    fields: names.map((name) => ({ name, type: atomic(name.startsWith('is') ? 'boolean' : 'string'), nullable: true })),
  };
  return state.frame({ kind: 'local', schema, rows });
}
