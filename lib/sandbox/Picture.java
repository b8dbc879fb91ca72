//SOURCES Pixels.java

package lib.sandbox;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * The first frame of pixel data in shades of grey.
 *
 * @param pixels the pixel data
 * @param width the width of the picture
 * @param height its height
 * @param center the value in the middle of the greys
 * @param range how many values there are from black to white
 */
record Picture(Pixels pixels, int width, int height, double center, double range) {

    /**
     * A picture of {@code pixels}.
     *
     * @param viewport the size into which it has to fit, as {@code "width,height"}; null for its own
     * @param window what is black and white, as {@code "center,width,function"}; null for all values
     */
    static Picture of(Pixels pixels, String viewport, String window) {
        int[] size = {pixels.columns(), pixels.rows()};
        if (viewport != null) {
            String[] words = viewport.split(",");
            double factor = Math.min(Double.parseDouble(words[0]) / size[0], Double.parseDouble(words[1]) / size[1]);
            size[0] = Math.max(1, (int) (size[0] * factor));
            size[1] = Math.max(1, (int) (size[1] * factor));
        }
        String[] words = window == null ? new String[] {"32768", "65536"} : window.split(",");
        return new Picture(pixels, size[0], size[1], Double.parseDouble(words[0]), Double.parseDouble(words[1]));
    }

    /** Writes it as {@code image/jpeg}, {@code image/png} or {@code image/gif}. */
    void writeTo(OutputStream out, String type) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
        byte[] frame = pixels.frame(0);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                int at = (y * pixels.rows() / height * pixels.columns() + x * pixels.columns() / width) * 2;
                int value = at + 1 < frame.length ? (frame[at + 1] & 0xFF) << 8 | frame[at] & 0xFF : 0;
                int grey = (int) Math.clamp(((value - center) / range + 0.5) * 255, 0, 255);
                image.getRaster().setSample(x, y, 0, grey);
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (MemoryCacheImageOutputStream encoded = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, type.replace("image/", ""), encoded)) {
                throw new IOException("no writer for " + type);
            }
        }
        bytes.writeTo(out);
    }
}
