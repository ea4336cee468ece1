import type { IncomingMessage } from 'node:http';
import express from 'express';
import ipaddr from 'ipaddr.js';
import type { Config } from '../config.ts';

/** The address whose share a request counts in. For IPv6, its /64 network, since one client usually controls all of it. */
export type AddressOf = (request: IncomingMessage) => string;

/** Trusts `X-Forwarded-For` as Express does with the same setting. */
export function createAddressOf(trustProxy: Config['trustProxy']): AddressOf {
  const app = express().set('trust proxy', trustProxy);
  const trusts: (address: string, hop: number) => boolean = app.get('trust proxy fn');
  return ({ socket, headers }) => {
    const forwarded = String(headers['x-forwarded-for'] ?? '').split(',');
    let address = socket.remoteAddress ?? '';
    for (let hop = 0; trusts(address, hop); hop++) {
      const before = forwarded.pop()?.trim();
      if (!before || !ipaddr.isValid(before)) break;
      address = before;
    }
    return networkOf(address);
  };
}

const IPV6_NETWORK_BYTES = 8;

function networkOf(address: string): string {
  if (!address.includes(':') || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, IPV6_NETWORK_BYTES).join('.');
}
