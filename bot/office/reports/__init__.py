"""What was asked, done, thought and helped, in numbers of a period and place: page, workbook, picture, chat."""
