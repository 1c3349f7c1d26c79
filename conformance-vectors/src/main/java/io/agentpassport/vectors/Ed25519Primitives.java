package io.agentpassport.vectors;

import io.agentpassport.core.crypto.Ed25519;
import io.agentpassport.core.crypto.HexText;
import io.agentpassport.core.crypto.Signer;
import io.agentpassport.core.json.JsonBoolean;
import io.agentpassport.core.json.JsonObject;
import io.agentpassport.core.json.Rejected;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.Function;

/** Raw Ed25519 (docs/protocol.md, "Ed25519"): hex in any case, messages as {@code message_utf8} or {@code message_hex}. */
final class Ed25519Primitives {

    static final Map<String, Primitive> ALL = Map.of(
            "ed25519PublicKey", input -> withSigner(input, "seed_hex", Ed25519Primitives::publicKey),
            "ed25519Sign", Ed25519Primitives::sign,
            "ed25519RoundTrip", Ed25519Primitives::roundTrip,
            "ed25519Verify", Ed25519Primitives::verify);

    private Ed25519Primitives() {}

    /** The answer of a function of the key that a member holds as seed, or that the member is no seed. */
    static JsonObject withSigner(Input input, String member, Function<Signer, JsonObject> answer) {
        byte[] seed = HexText.decodeAnyCase(input.text(member), Signer.SEED_BYTES);
        return seed == null
                ? Answers.rejected(Rejected.document("invalid_key", "hex"))
                : answer.apply(Signer.fromSeed(seed));
    }

    private static JsonObject publicKey(Signer signer) {
        return JsonObject.builder().put("public_key_hex", signer.publicKey().hex()).build();
    }

    private static JsonObject sign(Input input) {
        byte[] message = message(input);
        return withSigner(input, "seed_hex", signer -> JsonObject.builder()
                .put("signature_hex", HexText.encode(signer.sign(message).toByteArray()))
                .build());
    }

    private static JsonObject verify(Input input) {
        byte[] message = message(input);
        String key = input.text("public_key_hex");
        String signature = input.text("signature_hex");
        try {
            return Answers.ok(
                    Ed25519.verify(HexText.decodeAnyCase(key), message, HexText.decodeAnyCase(signature)));
        } catch (IllegalArgumentException e) {
            // Text that is no hex holds no key and no signature.
            return Answers.ok(false);
        }
    }

    /** The key of a seed, its signature, and whether that verifies under the key as the vector gives it. */
    private static JsonObject roundTrip(Input input) {
        byte[] message = message(input);
        byte[] key = HexText.decodeAnyCase(input.text("public_key_hex"));
        return withSigner(input, "seed_hex", signer -> {
            byte[] signature = signer.sign(message).toByteArray();
            return publicKey(signer)
                    .with("signature_hex", Answers.text(HexText.encode(signature)))
                    .with("ok", JsonBoolean.of(Ed25519.verify(key, message, signature)));
        });
    }

    private static byte[] message(Input input) {
        if (!input.isSet("message_hex")) {
            return input.text("message_utf8").getBytes(StandardCharsets.UTF_8);
        }
        try {
            return HexText.decodeAnyCase(input.text("message_hex"));
        } catch (IllegalArgumentException e) {
            throw new MalformedVectorException("input.message_hex is no hex");
        }
    }
}
