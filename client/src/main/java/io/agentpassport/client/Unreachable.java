package io.agentpassport.client;

import io.grpc.Status;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Why a service cannot be reached, in words that say what to do about it. */
final class Unreachable {

    /** What HTTP/2 calls an answer of something else; the digits are its first bytes. */
    private static final Pattern NO_HTTP2 = Pattern.compile("not SETTINGS.* ([0-9a-f]{10})$");
    /** The first bytes of a TLS record: an alert or a part of a handshake, and the version. */
    private static final Pattern TLS_RECORD = Pattern.compile("1[56]03.*");

    /** How the other side ended a TLS handshake. */
    private static final Pattern TLS_ALERT = Pattern.compile("TLSV?[0-9_]*_ALERT_([A-Z_]+)", Pattern.CASE_INSENSITIVE);
    /** When it was not for a certificate. */
    private static final Set<String> OLD_TLS = Set.of("PROTOCOL_VERSION", "HANDSHAKE_FAILURE");

    private Unreachable() {}

    /** The message of a call to that target; null when it was reached, and the call failed for another reason. */
    static @Nullable String message(String target, Status status) {
        Throwable root = status.getCause();
        for (Throwable at = root; at != null; at = at.getCause()) {
            root = at;
            // It is shaded, so that nobody else can name its type.
            if (at.getClass().getSimpleName().equals("NotSslRecordException")) {
                return "cannot reach " + target + " with TLS: what listens there speaks without it; if that is a server"
                        + " started with --plaintext, add --plaintext here too, else check the address";
            }
        }
        String said = root == null ? String.valueOf(status.getDescription()) : String.valueOf(root.getMessage());
        Matcher answered = NO_HTTP2.matcher(said);
        if (answered.find()) {
            return "cannot reach " + target + " without TLS: " + (TLS_RECORD.matcher(answered.group(1)).matches()
                    ? "the server there speaks TLS; leave out --plaintext, and name its CA with --ca"
                    : "what listens there is no gRPC server; check the address");
        }
        if (status.getCode() != Status.Code.UNAVAILABLE) {
            return null;
        }
        Matcher alert = TLS_ALERT.matcher(said);
        if (alert.find()) {
            return "cannot reach " + target + ": " + (OLD_TLS.contains(alert.group(1))
                    ? "what listens there does not speak TLS 1.3; check the address"
                    : "it refuses the client certificate that was shown, which is then one of another service, or over;"
                            + " show one that belongs to this service (--cert FILE --cert-key FILE), such as that of its"
                            + " own data folder (--data DIR)");
        }
        return "cannot reach " + target + " (" + (root instanceof UnknownHostException
                ? "there is no host of that name"
                : plain(said)) + "); check that the server runs, the address, and the CA file";
    }

    private static String plain(String said) {
        if (said.equals("null")) {
            return "it closed the connection without a word, so it is hardly an Agent Passport server";
        }
        if (said.startsWith("Network closed")) {
            return "it closed the connection, as a server with TLS does when a client comes with --plaintext";
        }
        // The same end, when the client had sent more by then.
        if (said.contains("Connection reset")) {
            return "it reset the connection, as a server does that is ended, and as a server with TLS does when a client"
                    + " comes with --plaintext";
        }
        if (said.startsWith("Path does not chain") || said.contains("unable to find valid certification path")) {
            return "its TLS certificate is not by the CA that is trusted here, so it is another service, or one with new keys";
        }
        // Netty names the system call and its number first.
        return said.replaceFirst("^\\w+\\(\\.\\.\\) failed with error\\(-?\\d+\\): ", "");
    }
}
