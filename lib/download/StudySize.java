//SOURCES ../base/Problem.java Listing.java Progress.java

package lib.download;

import lib.base.Problem;

/**
 * How many bytes a study has in the archive, and so the most that a file of it can have where it is sent as it is
 * stored. The archive may have to add them up, and is asked once, and only where it matters.
 */
final class StudySize {
    // Corrections to patient and study are in what is sent, and not in what was counted.
    private static final long SLACK = 16 << 20;

    private final Listing listing;
    private final String study;
    private boolean isAsked;
    private long bytes;

    StudySize(Listing listing, String study) {
        this.listing = listing;
        this.study = study;
    }

    /** The size; 0 or less if the archive does not tell. */
    synchronized long bytes() {
        if (!isAsked) {
            bytes = listing.size(study);
            isAsked = true;
        }
        return bytes;
    }

    /** {@link Problem} if a file of which {@code arrived} bytes have come cannot be one of the study's. */
    void requireCovers(long arrived) {
        if (arrived > SLACK && bytes() > 0 && arrived > bytes() + SLACK) {
            throw Problem.serverFailed(
                    "one file went on for more than " + Progress.amount(arrived) + ", and its whole study has "
                            + Progress.amount(bytes()),
                    "is that right? compare: arcget 'studies/size?StudyInstanceUID=" + study + "'");
        }
    }
}
