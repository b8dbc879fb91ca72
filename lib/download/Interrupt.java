//SOURCES Download.java Folder.java Progress.java

package lib.download;

import java.nio.file.Path;
import java.util.concurrent.Semaphore;

/**
 * What Ctrl-C does while this is open: nothing stays behind that is not whole, and the person hears how to go on, if
 * there is anything to go on with.
 */
final class Interrupt implements AutoCloseable {
    private final Progress progress;
    private final Thread hook = new Thread(this::interrupted);

    // Kept by whoever interrupts, so that no folder is opened any more that nobody would close.
    private final Semaphore opening = new Semaphore(1);
    private Folder folder;

    Interrupt(Progress progress) {
        this.progress = progress;
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException interruptedAlready) {
            // The process ends before there is anything to remove.
        }
    }

    /** Opens the folder {@code root}, which an interruption closes. */
    Folder open(Path root) {
        opening.acquireUninterruptibly();
        try {
            folder = Folder.open(root);
            return folder;
        } finally {
            opening.release();
        }
    }

    private void interrupted() {
        opening.acquireUninterruptibly();
        if (folder != null) {
            folder.close();
        }
        progress.close();
        if (folder != null) {
            progress.io().messages().problem("interrupted; what is whole stays", Download.AGAIN);
        }
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException itRuns) {
            // And has said so.
        }
    }
}
