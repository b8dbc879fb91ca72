//SOURCES ../lib/sandbox/Fault.java ../lib/sandbox/WebConnection.java ../lib/sandbox/WebRequest.java
//SOURCES ../lib/sandbox/WebResponse.java ../scripts/sandbox.java

import module java.base;
import lib.sandbox.Fault;
import lib.sandbox.WebConnection;
import lib.sandbox.WebRequest;
import lib.sandbox.WebResponse;

/** Faults for the servers of a sandbox. */
final class Faults {
    private Faults() {}

    /** Whether {@code request} asks for DICOM files. */
    static boolean isRetrieve(WebRequest request) {
        return request.path().matches("(?!.*/(count|size)$).*/rs/studies/[^/]+(/series/[^/]+(/instances/[^/]+)?)?");
    }

    /** Answers with {@code response} instead. */
    static Fault answer(WebResponse response) {
        return connection -> connection.send(response);
    }

    /** Answers with this status, type, body, and header fields (name, value, name, value). */
    static Fault status(int status, String type, String body, String... headers) {
        WebResponse response = WebResponse.text(status, type, body);
        for (int i = 0; i + 1 < headers.length; i += 2) {
            response = response.with(headers[i], headers[i + 1]);
        }
        return answer(response);
    }

    /** Answers 200 with this type and body. */
    static Fault garbage(String type, String body) {
        return status(200, type, body);
    }

    /** Answers 200 with what {@code body} writes, in chunks and without a limit, such as a hostile multipart. */
    static Fault streamed(String type, WebResponse.Body body) {
        return answer(WebResponse.streamed(200, type, body));
    }

    /** Closes the connection after this many bytes of the real body, which has a Content-Length. */
    static Fault cutOff(int bytes) {
        return connection -> interrupt(connection, bytes, false, connection::cut);
    }

    /** Closes the connection after this many bytes of the real body in chunks, without the last chunk. */
    static Fault cutOffChunked(int bytes) {
        return connection -> interrupt(connection, bytes, true, connection::cut);
    }

    /** Answers normally, but not before {@code released}. */
    static Fault heldUntil(CountDownLatch released) {
        return connection -> {
            released.await();
            connection.send(connection.answer());
        };
    }

    /** Stalls after this many bytes of the real body until {@code released}. */
    static Fault stalledAfter(int bytes, CountDownLatch released) {
        return connection -> interrupt(connection, bytes, false, released::await);
    }

    /** Resets the connection. */
    static Fault reset() {
        return WebConnection::reset;
    }

    /** Never answers, until the client or the server closes. */
    static Fault silence() {
        return connection -> {
            connection.ignoreRequests();
            connection.cut();
        };
    }

    /**
     * A rule that chooses one of {@code faults} at random for one in {@code oneIn} requests that match {@code which}.
     * The same seed makes the same choices in the order of the requests.
     */
    static Function<WebRequest, Fault> sometimes(long seed, int oneIn, Predicate<WebRequest> which, Fault... faults) {
        Random random = new Random(seed);
        return request -> which.test(request) && random.nextInt(oneIn) == 0
                ? faults[random.nextInt(faults.length)]
                : Fault.none();
    }

    /** What happens in the middle of a body: the connection is closed, or waits. */
    private interface Interruption {
        void happen() throws IOException, InterruptedException;
    }

    private static void interrupt(WebConnection connection, int bytes, boolean chunked, Interruption interruption)
            throws IOException, InterruptedException {
        WebResponse response = connection.answer();
        ByteArrayOutputStream made = new ByteArrayOutputStream();
        response.body().writeTo(made);
        byte[] body = made.toByteArray();
        int before = Math.min(bytes, body.length);
        WebResponse.Body interrupted = out -> {
            out.write(body, 0, before);
            out.flush();
            interruption.happen();
            out.write(body, before, body.length - before);
        };
        int length = chunked ? -1 : body.length;
        connection.send(new WebResponse(response.status(), response.headers(), interrupted, length));
    }
}
