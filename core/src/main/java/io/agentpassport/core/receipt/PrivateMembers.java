package io.agentpassport.core.receipt;

import io.agentpassport.core.crypto.Nonce;
import io.agentpassport.core.json.JsonObject;

/**
 * What an entry commits to, opened.
 *
 * @param members not for everybody; empty when there are none
 * @param salt 16 random bytes
 */
public record PrivateMembers(JsonObject members, Nonce salt) {}
