"""What is said in videos: a Whisper model hears it, in a child process that can be killed."""
