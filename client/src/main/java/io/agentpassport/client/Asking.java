package io.agentpassport.client;

import com.google.protobuf.MessageLite;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;

/** Who calls: whoever the connection shows, or an agent that signs each call. */
interface Asking {

    /** One call that is safe to repeat. */
    <Q extends MessageLite, A> A ask(MethodDescriptor<Q, A> method, Q request);

    /** Where to open one stream of answers. */
    Channel opening(MethodDescriptor<?, ?> method);

    PassportClient client();
}
