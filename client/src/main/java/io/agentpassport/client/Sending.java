package io.agentpassport.client;

import com.google.protobuf.MessageLite;
import io.grpc.MethodDescriptor;

/** How requests go that may be sent twice: under the credential of the channel, or signed in a session. */
@FunctionalInterface
interface Sending {

    <Q extends MessageLite, A> A send(MethodDescriptor<Q, A> method, Q request);
}
