/** Runs the effects of a transfer's script at once. */
import { askPortEarly, doubtEarlyPort } from '../control/early-port.js';
import { FtpConnectionError } from '../errors.js';
import { command } from '../protocol/command.js';
import { mayKeepAlive } from './machine/keep-alive.js';
import type { Effect, Risk, SentLine } from './machine/script.js';
import { QuietTimer } from './quiet-timer.js';
import type { Transfer } from './transfer.js';
import { TransferReport } from './transfer-report.js';

/** The answer is `false` if the next transfer's port was not asked for. The effects of every transfer come first. */
export function perform(transfer: Transfer, effect: Effect): boolean {
  switch (effect.do) {
    case 'send':
      send(transfer, effect.line);
      return true;
    case 'begin':
      begin(transfer);
      return true;
    case 'flow':
      transfer.way.mover.start();
      return true;
    case 'rest':
      transfer.way.mover.stop();
      transfer.deadlines.stall.stop();
      return true;
    case 'ask-port-early':
      return askPort(transfer);
    default:
      performRare(transfer, effect);
      return true;
  }
}

type RareEffect = Exclude<Effect, { readonly do: 'send' | 'begin' | 'flow' | 'rest' | 'ask-port-early' }>;

function performRare(transfer: Transfer, effect: RareEffect): void {
  const { session, data, facts } = transfer;
  switch (effect.do) {
    case 'start-tls':
      data.startTls();
      break;
    case 'learn-handshake-first':
      session.fallBack('the TLS handshake after 150', 'the TLS handshake before 150');
      break;
    case 'read-on':
      data.release();
      break;
    case 'doubt-port':
      void doubtEarlyPort(session).then(() => transfer.dispatch({ type: 'port-told' }));
      break;
    case 'decide':
      transfer.dispatch({ type: 'deciding' });
      if (facts.held !== undefined) session.channel.decide(transfer, facts.held);
      break;
    case 'fence':
      session.channel.fenceBeforeNext();
      break;
    case 'bound':
      session.limitAbort();
      break;
    case 'unbound':
      session.endAbort();
      break;
    case 'reset':
      data.reset();
      break;
    case 'close':
      data.close();
      break;
    case 'give-up':
      closeSession(transfer, effect.risk);
      break;
  }
}

function begin(transfer: Transfer): void {
  const { session, plan, facts } = transfer;
  if (session.events.observed && plan.toThirdParty !== true) transfer.report = new TransferReport(transfer);
  if (session.settings.transferKeepAliveMs > 0) keepAlive(transfer);
  plan.onBegun?.(facts.preliminary);
}

/** Sends a NOOP each time the control connection was quiet for so long. */
function keepAlive(transfer: Transfer): void {
  const { channel, settings } = transfer.session;
  transfer.quiet = new QuietTimer(channel.timers, settings.transferKeepAliveMs, () => {
    if (mayKeepAlive(transfer.facts)) send(transfer, 'NOOP');
  });
}

function send(transfer: Transfer, line: SentLine): void {
  const { session, plan } = transfer;
  transfer.dispatch({ type: 'sent', line });
  if (line !== 'transfer') {
    session.channel.write(command(line));
    return;
  }
  session.learn({ type: 'transfer sent', command: plan.command });
  session.channel.send(plan.command, transfer);
}

function askPort(transfer: Transfer): boolean {
  const asked = askPortEarly(transfer.session);
  if (asked) transfer.dispatch({ type: 'port-asked' });
  return asked;
}

function closeSession({ command: name, session }: Transfer, risk: Risk): void {
  session.channel.close(
    new FtpConnectionError(`${name} was cancelled but ${risk}; the connection was given up.`, {
      channel: 'control',
      phase: 'abort',
      command: name,
    }),
  );
}
