//SOURCES ../base/Problem.java BlockInput.java Deadlines.java Failure.java

package lib.http;

import java.io.InputStream;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import lib.base.Problem;

/**
 * A body as it arrives, one part in memory at a time. The JDK's own stream waits for ever on a server that has fallen
 * silent, since {@code HttpRequest.timeout} ends with the header; this one gives up.
 */
final class BodyStream extends BlockInput implements BodySubscriber<InputStream> {
    // A list of its own: all empty ones of List.of() are one and the same.
    private static final List<ByteBuffer> END = Collections.unmodifiableList(new ArrayList<>());

    // Without some parts ahead the JDK stops and starts reading the socket for each one, at three times the cost. But
    // not before somebody reads: where the connection ends with the first part, the JDK may lose the header.
    private static final int AHEAD = 4;

    private final String host;
    private final Deadlines deadlines;
    private final LinkedBlockingQueue<List<ByteBuffer>> parts = new LinkedBlockingQueue<>();
    private List<ByteBuffer> part = END;
    private int next;
    private long count;
    private boolean isAhead;
    private volatile boolean ended;
    private volatile Throwable failure;
    private volatile Flow.Subscription subscription;

    private BodyStream(String host, Deadlines deadlines) {
        this.host = host;
        this.deadlines = deadlines;
    }

    /** Takes the body of an answer of {@code host} as such a stream. */
    static BodyHandler<InputStream> handler(String host, Deadlines deadlines) {
        return header -> new BodyStream(host, deadlines);
    }

    @Override
    public CompletionStage<InputStream> getBody() {
        return CompletableFuture.completedStage(this);
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription subscription) {
        this.subscription = subscription;
        // The header comes before the subscription, and an answer may be of no interest by then.
        if (ended) {
            subscription.cancel();
        } else {
            subscription.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> item) {
        parts.add(item);
    }

    @Override
    public void onError(Throwable throwable) {
        failure = throwable;
        parts.add(END);
    }

    @Override
    public void onComplete() {
        parts.add(END);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        if (length == 0) {
            return 0;
        }
        while (!isHere()) {
            if (!advance()) {
                return -1;
            }
        }
        // All that is here: servers send small pieces, and each call has its price.
        int taken = 0;
        while (taken < length && isHere()) {
            ByteBuffer buffer = part.get(next);
            int some = Math.min(length - taken, buffer.remaining());
            buffer.get(bytes, offset + taken, some);
            taken += some;
        }
        count += taken;
        return taken;
    }

    /** Whether the current part has more. */
    private boolean isHere() {
        while (next < part.size() && !part.get(next).hasRemaining()) {
            next++;
        }
        return next < part.size();
    }

    /** Whether another part has come. */
    private boolean advance() {
        if (ended) {
            return false;
        }
        if (part != END) {
            subscription.request(isAhead ? 1 : AHEAD);
            isAhead = true;
        }
        List<ByteBuffer> arrived;
        try {
            Duration stall = deadlines.stall();
            arrived = parts.poll(stall == null ? Long.MAX_VALUE : stall.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.noAnswer("interrupted", null);
        }
        if (arrived == null) {
            close();
            throw Failure.silence(host, count);
        }
        if (arrived != END) {
            part = arrived;
            next = 0;
            return true;
        }
        ended = true;
        if (failure != null) {
            throw Failure.earlyEnd(host, count);
        }
        return false;
    }

    @Override
    public synchronized void close() {
        if (!ended && subscription != null) {
            subscription.cancel();
        }
        ended = true;
    }
}
