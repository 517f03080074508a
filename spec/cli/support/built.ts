/** A built command for all specs of a file. */
import { afterAll, beforeAll } from 'vitest';
import { BuiltCommand } from './command.js';

export function buildOnce(): () => BuiltCommand {
  let built: BuiltCommand | undefined;
  beforeAll(async () => {
    built = await BuiltCommand.make();
  });
  afterAll(() => built?.[Symbol.asyncDispose]());
  return () => {
    if (built === undefined) throw new Error('the command is not built');
    return built;
  };
}
