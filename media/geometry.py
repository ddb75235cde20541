"""All audio geometry in one place: sample rates, hops and lengths (thesis 3.1.1, 4.1, 5.1)."""

SAMPLE_RATE_HZ = 8_000
"""All analysis runs on 8 kHz mono, except that the default ear also hears music at WIDE_RATE_HZ."""

WIDE_RATE_HZ = 16_000
"""Sample rate of the further sound that the default ear gets of files that have it."""

FRAME_SAMPLES = 400
"""Short-term window and step (no overlap)."""
FRAMES_PER_SECOND = 20

SECOND_SAMPLES = SAMPLE_RATE_HZ
"""Mid-term window and step: one second."""

LATEST_S = 48 * 3_600.0
"""No film is longer; a later time is refused."""

WINDOW_S = 10
WINDOW_SAMPLES = WINDOW_S * SAMPLE_RATE_HZ
"""Attribute models take 10 s of input; a new window starts every second of a run."""

MEL_BANDS = 128
MEL_N_FFT = 2_048
MEL_WINDOW_SAMPLES = 1_600
MEL_HOP_SAMPLES = 800
MEL_FRAMES = 100
"""Log-mel of a window: (MEL_BANDS, MEL_FRAMES)."""
MEL_FRAMES_PER_SECOND = SAMPLE_RATE_HZ // MEL_HOP_SAMPLES

WINDOW_RMS = 0.1
"""Windows are scaled to this RMS before an attribute model gets them."""
