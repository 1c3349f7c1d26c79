/**
 * Decides tool calls, has the allowed ones run, and keeps the account of both.
 *
 * <pre>
 * .grant      who may call what: grants, their chains, revocation         keyspaces 50-54
 * .limit      counters over windows                                       keyspace  55
 * .budget     money: sessions and their ledger                            keyspaces 58-62
 * .approval   people who are asked                                        keyspaces 63-65, 69
 * .call       a call from its plan to its settlement; stands on the four  keyspaces 66-68
 * </pre>
 *
 * {@code .call} imports the four others; {@code .grant} imports {@code .budget}; nothing else points from one to another.
 */
@NullMarked
package io.agentpassport.server.gateway;

import org.jspecify.annotations.NullMarked;
